package demo

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"log/slog"
	"strings"
)

// xlsxType is the media type of spreadsheets.
const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func (w *tongue) estimateName(d *deal) string {
	if w.lang == "en" {
		return fmt.Sprintf("Estimate %04d.xlsx", d.ref.ID)
	}
	return fmt.Sprintf("Смета %04d.xlsx", d.ref.ID)
}

func (w *tongue) planName(d *deal) string {
	if w.lang == "en" {
		return fmt.Sprintf("Floor plan %04d.png", d.ref.ID)
	}
	return fmt.Sprintf("План помещений %04d.png", d.ref.ID)
}

// estimate is a spreadsheet whose rows add up to the sum of the deal.
func estimate(w *tongue, d *deal) []byte {
	head := []any{"Наименование", "Кол-во", "Цена, ₽", "Сумма, ₽"}
	total := "Итого"
	if w.lang == "en" {
		head, total = []any{"Item", "Quantity", "Price, ₽", "Sum, ₽"}, "Total"
	}
	rows := [][]any{{d.wish.title}, {d.client.firm.name}, head}
	left, items := d.wish.amount, d.wish.job.rows
	for i, item := range items {
		sum := left
		if i < len(items)-1 {
			sum = left * int64(20+(int(d.ref.ID)*7+i*13)%30) / 100
		}
		quantity := int64(1 + (int(d.ref.ID)*3+i*5)%24)
		if i == len(items)-1 {
			quantity = 1
		}
		price := sum / quantity
		if i < len(items)-1 {
			sum = price * quantity
		}
		left -= sum
		rows = append(rows, []any{item, quantity, price, sum})
	}
	return spreadsheet(append(rows, []any{total, "", "", d.wish.amount}))
}

// spreadsheet is an office file with one sheet.
func spreadsheet(rows [][]any) []byte {
	var sheet strings.Builder
	sheet.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cols><col min="1" max="1" width="44" customWidth="1"/><col min="2" max="4" width="14" customWidth="1"/></cols><sheetData>`)
	for _, row := range rows {
		sheet.WriteString("<row>")
		for _, cell := range row {
			switch v := cell.(type) {
			case int64:
				fmt.Fprintf(&sheet, "<c><v>%d</v></c>", v)
			case string:
				sheet.WriteString(`<c t="inlineStr"><is><t>`)
				_ = xml.EscapeText(&sheet, []byte(v)) // a builder never fails
				sheet.WriteString("</t></is></c>")
			}
		}
		sheet.WriteString("</row>")
	}
	sheet.WriteString("</sheetData></worksheet>")
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
		{"_rels/.rels", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", sheet.String()},
	} {
		f, err := z.Create(part[0])
		if err == nil {
			_, err = f.Write([]byte(part[1]))
		}
		if err != nil { // a buffer never fails
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// floors are how many different plans there are.
const floors = 12

// floor is the picture of a floor plan.
func (s *seeding) floor() []byte {
	if len(s.plans) < floors {
		s.plans = append(s.plans, s.drawFloor())
		return s.plans[len(s.plans)-1]
	}
	return pick(s.r, s.plans)
}

func (s *seeding) drawFloor() []byte {
	const width, height, wall = 640, 440, 4
	img := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.White, color.RGBA{40, 48, 60, 255}, color.RGBA{226, 232, 240, 255}, color.RGBA{210, 60, 50, 255}})
	box := func(x0, y0, x1, y1 int, ink uint8) {
		draw.Draw(img, image.Rect(x0, y0, x1, y1), image.NewUniform(img.Palette[ink]), image.Point{}, draw.Src)
	}
	frame := func(x0, y0, x1, y1 int) {
		box(x0, y0, x1, y0+wall, 1)
		box(x0, y1-wall, x1, y1, 1)
		box(x0, y0, x0+wall, y1, 1)
		box(x1-wall, y0, x1, y1, 1)
	}
	box(30, 30, width-30, height-30, 2)
	frame(30, 30, width-30, height-30)
	corridor := 190 + s.r.IntN(50)
	frame(30, corridor, width-30, corridor+56)
	for _, side := range [][2]int{{30, corridor + wall}, {corridor + 52, height - 30}} {
		for x := 30; x < width-120; {
			next := min(x+90+s.r.IntN(90), width-30)
			frame(x, side[0], next+wall, side[1])
			box(x+30, side[0]+(side[1]-side[0])/2, x+38, side[0]+(side[1]-side[0])/2+8, 3) // a detector
			x = next
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil { // a buffer never fails
		panic(err)
	}
	return out.Bytes()
}

// quietLog is for building: what goes wrong comes back as an error.
func quietLog() *slog.Logger { return slog.New(slog.DiscardHandler) }

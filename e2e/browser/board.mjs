// Where things are on a board.

/** A column by the title of its stage, with its head and cards. */
export function columnOf(page, stage) {
  return page.getByRole('region', { name: stage, exact: true });
}

/** The part of a column that takes cards. */
export function column(page, stage) {
  return columnOf(page, stage).locator('.cards');
}

/** A card by its title. */
export function cardIn(page, stage, title) {
  return columnOf(page, stage).getByRole('article').filter({ has: page.getByRole('link', { name: title, exact: true }) });
}

/** The words of a column's head in one line. */
export async function headOf(page, stage) {
  return (await columnOf(page, stage).locator('header').innerText()).replace(/\s+/g, ' ');
}

/** Drags one thing onto another by the mouse, in steps as a hand does. */
export async function drag(page, what, where) {
  const from = await what.boundingBox();
  const to = await where.boundingBox();
  await page.mouse.move(from.x + from.width / 2, from.y + 12);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2 + 8, from.y + 20, { steps: 3 });
  await page.mouse.move(to.x + to.width / 2, to.y + Math.min(60, to.height / 2), { steps: 8 });
  await page.mouse.up();
}

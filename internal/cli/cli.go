// Package cli is the command line: it reads arguments and settings, speaks the user's language, and calls the rooms through
// app. What the commands do is theirs.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"

	"voronka/internal/app"
	"voronka/internal/config"
	"voronka/internal/kernel/fault"
	"voronka/internal/texts"
)

// Exit codes.
const (
	exitOK      = 0
	exitFailed  = 1
	exitMisused = 2
)

// commands is the tree of commands.
type commands struct {
	config.Common `embed:""`

	Serve   serveCmd   `cmd:"" help:"${cmd_serve}"`
	Demo    demoCmd    `cmd:"" help:"${cmd_demo}"`
	Init    initCmd    `cmd:"" help:"${cmd_init}"`
	User    userCmd    `cmd:"" help:"${cmd_user}"`
	Token   tokenCmd   `cmd:"" help:"${cmd_token}"`
	Migrate migrateCmd `cmd:"" help:"${cmd_migrate}"`
	Backup  backupCmd  `cmd:"" help:"${cmd_backup}"`
	Restore restoreCmd `cmd:"" help:"${cmd_restore}"`
	Doctor  doctorCmd  `cmd:"" help:"${cmd_doctor}"`
	Config  configCmd  `cmd:"" help:"${cmd_config}"`
	Version versionCmd `cmd:"" help:"${cmd_version}"`
}

// Env is the world a command runs in.
type Env struct {
	Args   []string // without the name of the program
	In     io.Reader
	Out    io.Writer // answers
	Err    io.Writer // what goes on, and errors
	Lookup func(name string) (string, bool)
	// Interactive: a person sits in front of it.
	Interactive bool
}

// System is the world of this process.
func System() Env {
	return Env{Args: os.Args[1:], In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Lookup: os.LookupEnv, Interactive: terminal(os.Stdout)}
}

func terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && info.Mode()&os.ModeDevice != 0
}

// run is one run of one command.
type run struct {
	Env
	ctx     context.Context
	say     *texts.Catalogue
	loaded  *config.Loaded
	clicked bool // started without any argument by a double click
}

// Run carries out a command line and returns the exit code.
func Run(ctx context.Context, env Env) int {
	r := &run{Env: env, ctx: ctx, say: texts.For(language(env.Lookup))}
	r.clicked = len(env.Args) == 0 && doubleClicked(env)
	args := env.Args
	if len(args) == 0 {
		args = []string{"serve"}
	}
	var tree commands
	parser, err := r.parser(&tree)
	if err != nil {
		return r.fail(err)
	}
	parsed, code, done := r.parse(parser, args)
	if done {
		return code
	}
	if r.loaded, err = r.settings(parsed); err != nil {
		return r.fail(err)
	}
	if err := parsed.Run(r); err != nil {
		return r.fail(err)
	}
	return exitOK
}

// stopped is how kong ends after it printed a help page.
type stopped struct{ code int }

func (r *run) parser(tree *commands) (*kong.Kong, error) {
	vars := kong.Vars{}
	for _, key := range r.say.Keys() {
		if name, ok := strings.CutPrefix(key, "cli.help."); ok {
			vars[strings.ReplaceAll(name, ".", "_")] = r.say.Say(key, nil)
		}
	}
	k, err := kong.New(tree, kong.Name("voronka"), kong.Description(vars["about"]), vars, kong.Writers(headings{r}, r.Err),
		kong.Exit(func(code int) { panic(stopped{code}) }), kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}))
	if err != nil {
		return nil, err
	}
	docs := map[string]config.Setting{}
	for _, s := range config.All() {
		docs[s.Name] = s
	}
	_ = kong.Visit(k.Model, func(n kong.Visitable, next kong.Next) error { // the callback never fails
		if f, ok := n.(*kong.Flag); ok {
			if s, ok := docs[f.Name]; ok {
				f.Help = s.About(r.say.Lang())
				if s.Default != "" {
					f.Help += " (" + s.Default + ")"
				}
			}
		}
		return next(nil)
	})
	k.Model.HelpFlag.Help = vars["help"]
	return k, nil
}

func (r *run) parse(k *kong.Kong, args []string) (parsed *kong.Context, code int, done bool) {
	defer func() {
		if p := recover(); p != nil {
			s, ok := p.(stopped)
			if !ok {
				panic(p)
			}
			code, done = s.code, true
		}
	}()
	parsed, err := k.Parse(args)
	if err != nil {
		fmt.Fprintln(r.Err, r.say.Say("cli.usage", map[string]any{"detail": r.translate(err.Error())}))
		return nil, exitMisused, true
	}
	return parsed, 0, false
}

// headings writes help pages, which kong heads in English.
type headings struct{ r *run }

// Write implements io.Writer.
func (h headings) Write(b []byte) (int, error) {
	text := string(b)
	for _, word := range []string{"usage", "arguments", "commands", "flags"} {
		english := strings.ToUpper(word[:1]) + word[1:] + ":"
		if strings.HasPrefix(text, english) {
			text = h.r.say.Say("cli.help.head."+word, nil) + strings.TrimPrefix(text, english)
		}
		text = strings.ReplaceAll(text, "\n"+english+"\n", "\n"+h.r.say.Say("cli.help.head."+word, nil)+"\n")
	}
	const more = `Run "voronka <command> --help" for more information on a command.`
	text = strings.ReplaceAll(text, more, h.r.say.Say("cli.help.head.more", nil))
	if _, err := io.WriteString(h.r.Out, text); err != nil {
		return 0, err
	}
	return len(b), nil
}

// complaints are what kong says about a command line, and what we say.
var complaints = []struct {
	says *regexp.Regexp // with the interesting parts
	key  string
}{
	{regexp.MustCompile(`^unknown flag (?P<what>\S+?),?(?: did you mean .*)?$`), "cli.unknown_flag"},
	{regexp.MustCompile(`^unexpected argument (?P<what>\S+?),?(?: did you mean .*)?$`), "cli.unknown_argument"},
	{regexp.MustCompile(`^missing flags: (?P<what>.*)$`), "cli.missing_flags"},
	{regexp.MustCompile(`^expected one of (?P<what>.*)$`), "cli.expected_command"},
	{regexp.MustCompile(`^(?P<flag>--\S+) must be one of (?P<what>.*) but got (?P<got>.*)$`), "cli.one_of"},
	{regexp.MustCompile(`^(?P<flag>--[^\s:]+): (?:.*) but got (?P<got>.*?)(?: \(.*\))?$`), "cli.bad_value"},
	{regexp.MustCompile(`^(?P<flag>--[^\s:]+): .*$`), "cli.bad_flag"},
	{regexp.MustCompile(`^expected "?(?P<what>.*?)"?$`), "cli.expected"},
}

func (r *run) translate(complaint string) string {
	for _, c := range complaints {
		found := c.says.FindStringSubmatch(complaint)
		if found == nil {
			continue
		}
		args := map[string]any{}
		for i, name := range c.says.SubexpNames() {
			args[name] = found[i]
		}
		return r.say.Say(c.key, args)
	}
	return complaint
}

// settings loads the settings with the flags that were given.
func (r *run) settings(parsed *kong.Context) (*config.Loaded, error) {
	given := config.Given{Flags: map[string]string{}, Env: r.Lookup}
	if r.clicked {
		given.Data = clickedData()
	} else if strings.HasPrefix(parsed.Command(), "demo") {
		given.Data = demoData
	}
	known := map[string]bool{}
	for _, s := range config.All() {
		known[s.Name] = true
	}
	for _, p := range parsed.Path {
		if f := p.Flag; f != nil && known[f.Name] {
			given.Flags[f.Name] = config.Text(f.Target)
		}
	}
	return config.Load(given)
}

// open puts the program together over the data.
func (r *run) open() (*app.App, error) {
	return app.New(r.ctx, r.loaded.Config, app.WithLog(r.quietLog()))
}

// quietLog is the log of commands: they answer on standard output and log only what goes wrong.
func (r *run) quietLog() *slog.Logger {
	level := slog.LevelWarn
	if r.loaded.LogLevel == "debug" {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(r.Err, &slog.HandlerOptions{Level: level}))
}

// tell prints a sentence on standard output.
func (r *run) tell(key string, args map[string]any) { fmt.Fprintln(r.Out, r.say.Say(key, args)) }

// fail prints what went wrong.
func (r *run) fail(err error) int {
	var f *fault.Error
	if !errors.As(err, &f) {
		fmt.Fprintln(r.Err, r.say.Say("cli.failed", map[string]any{"detail": err.Error()}))
		return exitFailed
	}
	if len(f.Fields) == 0 {
		sentence := r.say.Say(f.Key, f.Args)
		switch {
		case f.Code == fault.Internal:
			sentence = r.say.Say("cli.failed", map[string]any{"detail": strings.TrimSpace(f.Error())})
		case f.Code == fault.Unavailable && f.Err != nil: // who runs the program can mend the cause
			sentence += ": " + strings.TrimSpace(f.Err.Error())
		}
		fmt.Fprintln(r.Err, sentence)
	}
	for _, field := range f.Fields {
		fmt.Fprintf(r.Err, "%s: %s\n", strings.ReplaceAll(field.Path, "_", "-"), r.say.Say(field.Key, field.Args))
	}
	return exitFailed
}

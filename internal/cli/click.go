package cli

import (
	"os"
	"path/filepath"
	"runtime"
)

// doubleClicked guesses whether the program was started from a desktop: then nobody chose the folder it stands in.
func doubleClicked(env Env) bool {
	here, err := os.Getwd()
	if err != nil {
		return true
	}
	if _, err := os.Stat(filepath.Join(here, "voronka-data")); err == nil {
		return false
	}
	home, _ := os.UserHomeDir()
	if here == home || here == filepath.Dir(here) { // macOS starts programs in the home folder, desktops in /
		return true
	}
	program, err := os.Executable()
	return err == nil && runtime.GOOS == "windows" && filepath.Dir(program) == here || !env.Interactive && runtime.GOOS == "linux" && hasDesktop(env)
}

func hasDesktop(env Env) bool {
	for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY"} {
		if v, ok := env.Lookup(name); ok && v != "" {
			return true
		}
	}
	return false
}

// clickedData is where data lie when nobody said where: the place the system has for it.
func clickedData() string {
	base, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(base, "Voronka")
}

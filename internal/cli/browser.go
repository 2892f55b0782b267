package cli

import (
	"os/exec"
	"runtime"
)

// openBrowser shows an address in the user's browser. That there is none is no error: the address is printed too.
func openBrowser(address string) {
	name, args := "xdg-open", []string{address}
	switch runtime.GOOS {
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", address}
	case "darwin":
		name = "open"
	}
	cmd := exec.Command(name, args...)
	if cmd.Start() == nil {
		go func() { _ = cmd.Wait() }() // nothing depends on how it ends
	}
}

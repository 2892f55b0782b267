// Command voronka is the whole product in one program: the server with its interface, and the commands to look after it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"voronka/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, cli.System())
	stop()
	os.Exit(code)
}

// Pay crashes as its argument says.
package main

import (
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"runtime/debug"
	"sync"
)

type card struct{ limit int }

var errCard = errors.New("card was not charged")

//go:noinline
func charge(c *card, amounts []int, i int) int { return c.limit / amounts[i] }

func pay(amount int) {
	defer func() {
		if r := recover(); r != nil {
			panic(fmt.Errorf("%w: %v", errCard, r))
		}
	}()
	charge(&card{limit: 100}, []int{amount}, 0)
}

//go:noinline
func descend(n int) int { return descend(n+1) + 1 }

func logged() {
	defer func() {
		r := recover()
		log.Printf("order %d was lost: %v\n%s", 77, r, debug.Stack())
		slog.Error("order was lost", "order", 77, "err", r, "stack", string(debug.Stack()))
		log.Print("one more order waits")
	}()
	charge(nil, nil, 0)
}

func main() {
	switch os.Args[1] {
	case "uncaught":
		charge(&card{}, []int{1, 2}, 5)
	case "nil":
		charge(nil, []int{1}, 0)
	case "chained":
		pay(0)
	case "multiline":
		panic(errors.New("three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header"))
	case "recursion":
		debug.SetMaxStack(1 << 16)
		descend(0)
	case "thread":
		var all sync.WaitGroup
		all.Go(func() { pay(0) })
		all.Wait()
	case "logged":
		logged()
	case "fatal":
		log.Fatalf("order %d was lost: %v", 77, errCard)
	}
}

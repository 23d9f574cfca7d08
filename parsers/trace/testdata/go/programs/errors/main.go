// Prints errors of several libraries that keep stacks: errors NAME.
package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"runtime/debug"

	crdb "github.com/cockroachdb/errors"
	"github.com/rotisserie/eris"
	"github.com/samber/oops"
	tozd "gitlab.com/tozd/go/errors"
	"go.uber.org/zap"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
)

//go:noinline
func charge(mk func(string) error) error { return mk("card declined") }

//go:noinline
func settle(mk func(string) error, wrap func(error, string) error) error {
	return wrap(charge(mk), "settle batch 77")
}

func crdbErr() error {
	return settle(func(s string) error { return crdb.New(s) }, func(e error, s string) error { return crdb.Wrap(e, s) })
}

func erisErr() error {
	return settle(func(s string) error { return eris.New(s) }, func(e error, s string) error { return eris.Wrap(e, s) })
}

func oopsErr() error {
	return settle(func(s string) error { return oops.Code("declined").In("ledger").Errorf("%s", s) },
		func(e error, s string) error { return oops.With("batch", 77).Wrapf(e, "%s", s) })
}

func tozdErr() error {
	return settle(func(s string) error { return tozd.New(s) }, func(e error, s string) error { return tozd.Wrap(e, s) })
}

type card struct{ code int }

var nothing *card

func boom() { fmt.Println(nothing.code) }

var cases = map[string]func(){
	"crdb": func() { fmt.Fprintf(os.Stderr, "%+v\n", crdbErr()) },
	"crdb_details": func() {
		log.Printf("settlement failed: %+v", crdb.WithHint(crdb.WithDetail(crdb.WithStack(crdbErr()), "the detail\nof two lines"), "try again"))
	},
	"crdb_join": func() { log.Printf("settlement failed: %+v", crdb.Join(crdbErr(), errors.New("x"))) },
	"crdb_secondary": func() {
		log.Printf("settlement failed: %+v", crdb.WithSecondaryError(crdbErr(), errors.New("rollback failed")))
	},
	"zap_crdb": func() {
		l, _ := zap.NewProduction()
		l.Error("settlement failed", zap.Error(crdbErr()), zap.Int("batch", 77))
	},
	"eris": func() { log.Printf("settlement failed: %+v", erisErr()) },
	"eris_inverted": func() {
		o := eris.FormatOptions{WithTrace: true, InvertOutput: true, InvertTrace: true}
		fmt.Fprintln(os.Stderr, eris.ToCustomString(erisErr(), eris.NewDefaultStringFormat(o)))
	},
	"oops": func() { log.Printf("settlement failed: %+v", oopsErr()) },
	"tozd": func() { fmt.Fprintf(os.Stderr, "% -+#.1v\n", tozdErr()) },
	"recovered_print": func() {
		defer func() { fmt.Fprintf(os.Stderr, "Recovered from panic: %v\n%s\n", recover(), debug.Stack()) }()
		boom()
	},
	"repanic_stack": func() {
		defer func() { panic(fmt.Sprintf("wrapped: %v\n%s", recover(), debug.Stack())) }()
		boom()
	},
	"klog_observed": func() {
		utilruntime.ReallyCrash = false
		defer utilruntime.HandleCrash()
		boom()
	},
}

func main() { cases[os.Args[1]]() }

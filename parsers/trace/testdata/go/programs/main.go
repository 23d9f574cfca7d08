package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"sync"
	"syscall"
	"time"

	"surepay/probe/wallet"
)

//go:noinline
func rec(n int) int { return rec(n+1) + n }

func get(h http.Handler) {
	s := httptest.NewServer(h)
	defer s.Close()
	r, err := http.Get(s.URL + "/pay?w=w-1")
	if err == nil {
		r.Body.Close()
	}
	time.Sleep(20 * time.Millisecond)
}

func main() {
	switch os.Args[1] {
	case "str":
		panic("boom")
	case "multi":
		panic("first line\n\nsecond: line\n\tindented\ngoroutine 7 [running]: not really")
	case "err":
		panic(errors.New("wrapped: failure"))
	case "multierr":
		panic(errors.Join(errors.New("one"), errors.New("two")))
	case "typedint":
		panic(wallet.Code(5))
	case "typedstr":
		panic(wallet.Name("bob \"the\" builder\nx"))
	case "typederr":
		panic(wallet.Refused{"no money"})
	case "struct":
		panic(wallet.Plain{1, 2})
	case "ptr":
		panic(&wallet.Plain{1, 2})
	case "nil":
		panic(nil)
	case "float":
		panic(1.5)
	case "index":
		wallet.Index(nil, 5)
	case "slice":
		a := []int{1}
		n := len(os.Args) + 4
		_ = a[n:]
	case "nested":
		defer func() { panic("second") }()
		panic("first")
	case "nested3":
		defer func() { defer func() { panic(fmt.Errorf("third\nwith line")) }(); panic("second") }()
		wallet.Index(nil, 1)
	case "repanic":
		defer func() {
			if r := recover(); r != nil {
				panic(r)
			}
		}()
		wallet.Index(nil, 3)
	case "repanicwrap":
		defer func() {
			if r := recover(); r != nil {
				panic(fmt.Sprintf("wrapped: %v", r))
			}
		}()
		wallet.Index(nil, 3)
	case "recovered":
		defer func() { panic("after recover") }()
		defer func() { recover() }()
		panic("swallowed")
	case "goexit":
		go func() { defer func() { panic("in goexit") }(); runtime.Goexit() }()
		time.Sleep(time.Second)
	case "goexitmain":
		runtime.Goexit()
	case "generic":
		b := &wallet.Box[int]{}
		b.Do(func(i int) { panic(i) })
	case "mapwrite":
		m := map[int]int{}
		for i := 0; i < 4; i++ {
			go func() {
				for {
					m[1]++
				}
			}()
		}
		time.Sleep(time.Second)
	case "unlock":
		var mu sync.Mutex
		mu.Unlock()
	case "overflow":
		rec(0)
	case "deadlock":
		var mu sync.Mutex
		mu.Lock()
		go func() { select {} }()
		mu.Lock()
	case "wg":
		var wg sync.WaitGroup
		wg.Add(-1)
	case "nilptr":
		var p *wallet.Plain
		p.A = 4
	case "threads":
		go func() { time.Sleep(time.Hour) }()
		go func() { ch := make(chan int); <-ch }()
		time.Sleep(10 * time.Millisecond)
		debug.SetTraceback("all")
		panic("with others")
	case "system":
		debug.SetTraceback("system")
		var p *wallet.Plain
		p.A = 4
	case "crash":
		debug.SetTraceback("crash")
		panic("core")
	case "quit":
		go func() { time.Sleep(50 * time.Millisecond); syscall.Kill(os.Getpid(), syscall.SIGQUIT) }()
		time.Sleep(time.Second)
	case "abrt":
		go func() { time.Sleep(50 * time.Millisecond); syscall.Kill(os.Getpid(), syscall.SIGABRT) }()
		time.Sleep(time.Second)
	case "segvkill":
		go func() { time.Sleep(50 * time.Millisecond); syscall.Kill(os.Getpid(), syscall.SIGSEGV) }()
		time.Sleep(time.Second)
	case "logpanic":
		log.Panicf("cannot settle %d", 7)
	case "slogpanic":
		slog.Info("hello")
		panic("after slog")
	case "logfatal":
		log.Fatal("bye")
	case "printstack":
		debug.PrintStack()
	case "recoverlog":
		func() {
			defer func() {
				if r := recover(); r != nil {
					log.Printf("recovered: %v\n%s", r, debug.Stack())
				}
			}()
			wallet.Index(nil, 2)
		}()
		log.Print("after")
	case "recoverpanic":
		func() {
			defer func() {
				if r := recover(); r != nil {
					log.Printf("panic: %v\n%s", r, debug.Stack())
				}
			}()
			wallet.Index(nil, 2)
		}()
		log.Print("after")
	case "recoverallstack":
		func() {
			defer func() {
				if r := recover(); r != nil {
					buf := make([]byte, 1<<16)
					n := runtime.Stack(buf, true)
					log.Printf("panic: %v\n%s", r, buf[:n])
				}
			}()
			wallet.Index(nil, 2)
		}()
		log.Print("after")
	case "http":
		log.SetOutput(os.Stderr)
		get(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic("handler\nboom") }))
	case "httpabort":
		get(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) }))
	case "labels":
		debug.SetTraceback("all")
		pprof.Do(context.Background(), pprof.Labels("k", "v]: \"x"), func(context.Context) { panic("labelled") })
	case "pprof":
		pprof.Lookup("goroutine").WriteTo(os.Stdout, 1)
	case "pprof2":
		pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
	case "pkgerr":
		log.Printf("settle failed: %+v", wallet.Charge("w-1"))
	case "pkgerr2":
		log.Printf("failed: %+v", wallet.New())
		log.Print("after")
	case "pkgerrpanic":
		panic(wallet.Charge("w"))
	case "deferwrap":
		defer func(i int) { var p *wallet.Plain; p.A = i }(5)
	case "race":
		x := 0
		var wg sync.WaitGroup
		wg.Add(2)
		go func() { x++; wg.Done() }()
		go func() { x++; wg.Done() }()
		wg.Wait()
		fmt.Println("done", x)
	case "race2":
		x := 0
		done := make(chan bool)
		go func() { x = 1; close(done) }()
		x = 2
		<-done
		_ = x
	case "methodval":
		w := wallet.Refused{"x"}
		f := w.Error
		go func() { _ = f(); panic(f()) }()
		time.Sleep(time.Second)
	default:
		more(os.Args[1])
	}
}

package trace

import (
	"bytes"
	"strings"

	"github.com/tracetail/tracetail/internal/event"
)

// dartCrashHead is the first line of what the VM prints when machine code fails.
//
//	===== CRASH =====
//	si_signo=Segmentation fault(11), si_code=SEGV_MAPERR(1), si_addr=0x10
//	version=3.13.7 (stable) (Thu Oct 22 14:28:57 2026 -0700) on "linux_x64"
//	pid=6244, thread=6246, isolate_group=main(0x5611501a5270), isolate=main(0x56115019feb0)
//	  pc 0x00007f1da8564a26 fp 0x00007f1da7d7e530 sp 0x00007f1da7d7e508 [Optimized] Wallet.debit+0x19a
const dartCrashHead = "===== CRASH ====="

// dartIsCrash knows the lines below that head.
func dartIsCrash(t span) bool {
	for _, p := range [...]string{"si_signo=", "version=", "pid=", "os=", "isolate_instructions=", "fp=", "pc 0x", "Stack dump aborted because ", "thread=", "Dumping native stack trace"} {
		if t.has(p) {
			return true
		}
	}
	return false
}

// dartSignals are the signals that the VM catches.
var dartSignals = map[string]string{"4": "SIGILL", "5": "SIGTRAP", "6": "SIGABRT", "7": "SIGBUS", "8": "SIGFPE", "10": "SIGBUS", "11": "SIGSEGV", "31": "SIGSYS"}

func dartReadCrash(lines []span) (Trace, bool) {
	t := Trace{Platform: "native", Died: true, Level: event.Fatal}
	x := event.Exception{Type: "CRASH", Mechanism: &event.Mechanism{Type: "signalhandler", Handled: new(false), Synthetic: true}}
	var frames []event.Frame
	named := false // the stack comes twice: as the machine has it, then with Dart's names
	for _, raw := range lines[1:] {
		l := string(raw.trim())
		switch {
		case strings.HasPrefix(l, "si_signo="):
			x.Value = l[len("si_signo="):]
			_, number, _ := strings.Cut(x.Value, "(")
			number, _, _ = strings.Cut(number, ")")
			if name := dartSignals[number]; name != "" {
				x.Type = name
			}
		case strings.HasPrefix(l, "version="):
			version, _, _ := strings.Cut(l[len("version="):], " ")
			t.Contexts = map[string]any{"runtime": map[string]any{"name": "Dart", "version": version}}
		case strings.HasPrefix(l, "pid="):
			if _, rest, ok := strings.Cut(l, "thread="); ok {
				id, _, _ := strings.Cut(rest, ",")
				x.ThreadID = id
				t.Threads = []event.Thread{{ID: id, Crashed: true, Current: true}}
			}
		case strings.HasPrefix(l, "pc 0x"):
			f, exact := dartMachineFrame(raw.trim())
			if exact && !named {
				named, frames = true, nil
			}
			if exact == named {
				frames = append(frames, f)
			}
		}
	}
	if x.Value == "" {
		return Trace{}, false
	}
	var dropped int
	x.Stacktrace, dropped = newestFirst(frames)
	t.drop("trace.frames_dropped", dropped)
	t.Exceptions = []event.Exception{x}
	pyInApp(&t)
	return t, true
}

// dartMachineFrame reads "pc 0x... fp 0x... [sp 0x...] [Optimized] Wallet.debit+0x19a".
// named tells that the row has its kind in brackets, as those with names of Dart have.
func dartMachineFrame(t span) (f event.Frame, named bool) {
	f.Platform = "native"
	f.InstructionAddr, t = dartWord(t[len("pc "):])
	for t.has("fp 0x") || t.has("sp 0x") {
		_, t = dartWord(t[len("fp "):])
	}
	stub := t.has("[Stub] ")
	if named = t.has("["); named {
		if shut := bytes.IndexByte(t, ']'); shut > 0 {
			t = t[shut+1:].left()
		}
	}
	name := string(t)
	plus := strings.LastIndex(name, "+0x")
	switch {
	case name == "Unknown symbol", name == "":
	case name[0] == '/':
		f.Package, _, _ = strings.Cut(name, "+0x")
	case strings.HasPrefix(name, "_kDart"): // the only symbol of all the program's code
		f.Function = name
	default:
		if plus > 0 {
			name = name[:plus]
		}
		f.Function = dartUnmangled(nativeName(name))
		if f.Function != name {
			f.RawFunction = name
		}
	}
	f.InApp = new(!stub && f.Function != "" && !strings.HasPrefix(f.Function, "dart::") && !nativeForeign(f.Function, "", f.Package) && !dartCore(f.Function))
	return f, named
}

// dartCore knows functions of Dart's own library: their classes are private to it.
func dartCore(fn string) bool {
	return strings.HasPrefix(fn, "_RawReceivePort.") || strings.HasPrefix(fn, "_Closure.") || strings.HasPrefix(fn, "_delayEntrypointInvocation") || strings.HasPrefix(fn, "_startIsolate")
}

// dartWord cuts the first word off t.
func dartWord(t span) (word string, rest span) {
	at := bytes.IndexByte(t, ' ')
	if at < 0 {
		return string(t), nil
	}
	return string(t[:at]), t[at:].left()
}

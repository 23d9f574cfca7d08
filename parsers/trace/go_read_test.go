package trace

import (
	"bytes"
	"testing"
)

// pyReading is what Read makes of a text, as a sketch; empty if nothing.
func pyReading(l Language, text string) string {
	t, ok := l.Read(bytes.Split([]byte(text), []byte("\n")))
	if !ok {
		return ""
	}
	return pySketch(t)
}

// TestGoRead reads blocks whose first line is the message of a log record.
func TestGoRead(t *testing.T) {
	const (
		stack = "goroutine 7 [running]:\nmain.f(...)\n\t/srv/pay/main.go:3 +0x1"
		row   = "/usr/local/go/src/runtime/panic.go:336 (0x4883d7)\n\tpanicmem: panic(memoryError)\n/srv/pay/main.go:3 (0x48)\n\tf: return *p"
		g7    = "thread 7 \"goroutine 7\" running crashed=true 0 frames\n"
	)
	for _, c := range []struct{ name, text, want string }{
		{"net/http", "http: panic serving [::1]:5: a: b\n" + stack, "lead \"http: panic serving [::1]:5\"\n|panic|\"a: b\" 1 frames f:main.go:3 [generic handled=true]\n" + g7},
		{"kubernetes", "Observed a panic: \"a\" (b)\n" + stack, "lead \"Observed a panic\"\n|panic|\"b\" 1 frames f:main.go:3 [generic handled=true]\n" + g7},
		{"kubernetes, plain", "Observed a panic: a (b)\n" + stack, "lead \"Observed a panic\"\n|panic|\"a (b)\" 1 frames f:main.go:3 [generic handled=true]\n" + g7},
		{"echo", "[PANIC RECOVER] a\nb " + stack, "|panic|\"a\\nb\" 1 frames f:main.go:3 [generic handled=true]\n" + g7},
		{"recovered", "recovered: a\n" + stack, "lead \"recovered: a\"\n||\"\" 1 frames f:main.go:3\n" + g7},
		{"gin", "[Recovery] 2026/11/22 - 05:58:52 panic recovered:\na\nb\n" + row, "lead \"[Recovery] panic recovered\"\n|panic|\"a\\nb\" 1 frames f:main.go:3 [generic handled=true]\n"},
		{"gin, debug", "[Recovery] 2026/11/22 - 05:58:52 panic recovered:\nGET /pay HTTP/1.1\nHost: a\n\na\n" + row, "lead \"[Recovery] panic recovered\"\n|panic|\"a\" 1 frames f:main.go:3 [generic handled=true]\n"},
		{"go-errors", "failed: *errors.errorString short of funds\n" + row, "lead \"failed\"\n|*errors.errorString|\"short of funds\" 1 frames f:main.go:3\n"},
		{"zap", "main.f\n\t/srv/pay/main.go:3", "||\"\" 1 frames f:main.go:3\n"},
		{"zap, in a handler of panics", "main.g\n\t/srv/pay/main.go:9\nruntime.gopanic\n\t/usr/local/go/src/runtime/panic.go:860\nmain.f\n\t/srv/pay/main.go:3", "||\"\" 1 frames f:main.go:3\n"},
		{"header cut off", "main.f(...)\n\t/srv/pay/main.go:3 +0x1", "||\"\" 1 frames f:main.go:3\n"},
		{"klog", "\tgoroutine 7 [running]:\n\tmain.f(...)\n\t\t/srv/pay/main.go:3 +0x1\n >", "||\"\" 1 frames f:main.go:3\n" + g7},
		{"ancestors", stack + "\n[originating from goroutine 1]:\nmain.main()\n\t/srv/pay/main.go:9 +0x1", "||\"\" 1 frames f:main.go:3\n" + g7},
		{"lone panic", "panic: a\nb", ""},
		{"header only", "goroutine 7 [running]:", ""},
		{"place only", "\t/srv/pay/main.go:3", ""},
		{"race without frames", "WARNING: DATA RACE\nRead by goroutine 8:\n  [failed to restore the stack]\n==================", "|DATA RACE|\"Read by goroutine 8\" [generic]\nthread 8 \"goroutine 8\"  crashed=true 0 frames\n"},
		{"nothing", "", ""},
	} {
		if got := pyReading(Go(), c.text); got != c.want {
			t.Errorf("%s:\ngot  %q\nwant %q", c.name, got, c.want)
		}
	}
}

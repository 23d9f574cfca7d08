package trace

import "testing"

var dartLines = []string{
	"Unhandled exception:",
	"Bad state: No element",
	"#0      ListIterable.first (dart:_internal/iterable.dart:55:5)",
	"#1      Wallet.debit.<anonymous closure> (package:acme/src/wallet.dart:12:5)",
	"<asynchronous suspension>",
	"package:acme/wallet.dart 12:5      Wallet.debit",
	"===== asynchronous gap ===========================",
	"[ERROR:flutter/runtime/dart_vm_initializer.cc(41)] Unhandled Exception: Bad state: No element",
	"flutter: ══╡ EXCEPTION CAUGHT BY WIDGETS LIBRARY ╞════════",
	"The following _TypeError was thrown building PayPage(dirty):",
	"════════════════════════════════",
	"Another exception was thrown: A RenderFlex overflowed by 99 pixels on the right.",
	"┌───────────────",
	"│ #0   Wallet.debit (package:acme/wallet.dart:12:5)",
	"│ ⛔ charge failed",
	"└───────────────",
	"===== CRASH =====",
	"si_signo=Segmentation fault(11), si_code=?(-6), si_addr=0x180b",
	"  pc 0x00007f1da8564a26 fp 0x00007f1da7d7e530 sp 0x00007f1da7d7e508 [Optimized] _Pay@1026248.<anonymous closure>+0x19a",
	"isolate_dso_base: 7f8c2a100000, vm_dso_base: 7f8c2a100000",
	"    #00 abs 00007f8c2a1b46d7 virt 00000000000b46d7 _kDartIsolateSnapshotInstructions+0x126d7",
}

func TestDartStep(t *testing.T) {
	stepDoesNotAllocate(t, Dart(), dartLines)
}

func FuzzDart(f *testing.F) { fuzzLanguage(f, Dart(), dartLines) }

func BenchmarkDartStep(b *testing.B) { benchmarkStep(b, Dart(), dartLines) }

func TestDartRow(t *testing.T) {
	for _, tt := range []struct {
		line, fn, place string
		number, col     int
	}{
		{"#0      Wallet.debit (package:acme/wallet.dart:12:5)", "Wallet.debit", "package:acme/wallet.dart", 12, 5},
		{"#12     new Wallet.of (file:///srv/my pay.dart:15)", "new Wallet.of", "file:///srv/my pay.dart", 15, 0},
		{"#3   _rootRun (dart:async)", "_rootRun", "dart:async", 0, 0},
		{"package:acme/wallet.dart 12:5      Wallet.debit.<fn>", "Wallet.debit.<fn>", "package:acme/wallet.dart", 12, 5},
		{"bin/pay.dart 66   main", "main", "bin/pay.dart", 66, 0},
		{"dart:isolate  _RawReceivePort._handleMessage", "_RawReceivePort._handleMessage", "dart:isolate", 0, 0},
		{"package:acme/wallet.dart 12:5  new Wallet", "new Wallet", "package:acme/wallet.dart", 12, 5},
		{"package:acme/wallet.dart 12:5 is deprecated", "", "", 0, 0},
		{"package:acme/wallet.dart  is not used any more", "", "", 0, 0},
		{"lib/pay.dart:12:5: Error: Expected ';' after this.", "", "", 0, 0},
		{"#0 /srv/pay.php(6): f()", "", "", 0, 0},
		{"#1 in the list (see wallet.md)", "", "", 0, 0},
	} {
		c, ok := dartRow(span(tt.line))
		if !ok {
			c, ok = dartShort(span(tt.line))
		}
		if ok != (tt.fn != "") || ok && (string(c.fn) != tt.fn || string(c.place) != tt.place || c.line != tt.number || c.col != tt.col) {
			t.Errorf("%q: %q %q %d:%d %v", tt.line, c.fn, c.place, c.line, c.col, ok)
		}
	}
}

func TestDartError(t *testing.T) {
	for _, tt := range []struct{ text, typ, value string }{
		{"FormatException: Unexpected character (at character 1)", "FormatException", "Unexpected character (at character 1)"},
		{"RangeError (index): Invalid value: 5", "RangeError", "(index): Invalid value: 5"},
		{"PlatformException(card_declined, no funds, null, null)", "PlatformException", "card_declined, no funds, null, null"},
		{"TimeoutException after 0:00:05.000000: Future not completed", "TimeoutException", "after 0:00:05.000000: Future not completed"},
		{"Bad state: No element", "StateError", "Bad state: No element"},
		{"Instance of 'Declined'", "Declined", "Instance of 'Declined'"},
		{"_Exception: declined", "Exception", "declined"},
		{"'package:acme/pay.dart': Failed assertion: line 5 pos 10: 'cents > 0': is not true.", "AssertionError", "'package:acme/pay.dart': Failed assertion: line 5 pos 10: 'cents > 0': is not true."},
		{"IntegerDivisionByZeroException", "IntegerDivisionByZeroException", ""},
		{"declined: no funds", "Error", "declined: no funds"},
	} {
		if typ, value, _ := dartError(tt.text); typ != tt.typ || value != tt.value {
			t.Errorf("%q: %q %q", tt.text, typ, value)
		}
	}
}

func TestDartUnmangled(t *testing.T) {
	for raw, want := range map[string]string{"_Wallet@480990.debit": "_Wallet.debit", "_Wallet@0x1f.debit": "_Wallet.debit", "a@b": "a@b", "main": "main"} {
		if got := dartUnmangled(raw); got != want {
			t.Errorf("%q: %q", raw, got)
		}
	}
}

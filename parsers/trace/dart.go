package trace

import "bytes"

// The states.
const (
	// dartHead: what stands above the rows; next dartRows.
	//
	//	Unhandled exception:
	//	Bad state: No element
	dartHead State = iota + 1

	// dartFlutter: behind a line that says all, rows may follow; next dartHead, dartRows.
	//
	//	[ERROR:flutter/runtime/dart_vm_initializer.cc(41)] Unhandled Exception: Bad state: No element
	dartFlutter

	// dartRows: among the rows, of the VM, of package:stack_trace or of machine code; next dartRows.
	//
	//	#0      Wallet.debit (package:acme/wallet.dart:12:5)
	//	package:acme/wallet.dart 12:5  Wallet.debit
	//	    #00 abs 000000723d6346d7 virt 00000000001e26d7 _kDartIsolateSnapshotInstructions+0x1e26d7
	dartRows

	// dartBanner: between the rules that Flutter draws around an error; next dartBanner.
	//
	//	══╡ EXCEPTION CAUGHT BY WIDGETS LIBRARY ╞════════
	dartBanner

	// dartBox: in a box of package:logger that may hold anything; next dartBoxed.
	//
	//	┌────────────
	//	│ Exception: declined
	dartBox

	// dartBoxed: in a box that holds rows; next dartBoxed.
	//
	//	│ #0   Wallet.debit (package:acme/wallet.dart:12:5)
	dartBoxed

	// dartCrash: below the head of a crash of the VM; next dartCrash.
	//
	//	===== CRASH =====
	dartCrash
)

// Dart is the grammar of Dart and Flutter: the VM's own print, the short form
// of package:stack_trace, Flutter's banners, the boxes of package:logger, and
// the addresses that a program compiled ahead of time has in place of names.
func Dart() Language {
	return Language{
		Name:  "dart",
		Title: "Dart, Flutter",
		Hints: []string{
			"Unhandled exception:", "[ERROR:flutter/", "[VERBOSE-2:", "══", "flutter: ", "Another exception was thrown: ",
			"#0 ", "#00 abs ", "package:", "dart:", "dart-sdk/", "packages/", "┌──", "Warning: This VM has been configured", dartCrashHead,
		},
		Step: dartStep,
		Back: dartBack,
		Read: dartRead,
	}
}

func dartStep(s State, line []byte) (State, Verdict) {
	l := dartText(line)
	t := l.trim()
	switch s {
	case Outside:
		return dartOpen(l, t)
	case dartHead, dartFlutter:
		switch {
		case dartIsRow(l), dartIsAot(t):
			return dartRows, Take
		case s == dartFlutter && len(t) > 2 && !isDigit(t[0]) && t[0] != '[' && t[1] != '/':
			return dartHead, Hold // more of the message if rows follow; else a print of the program's
		case !t.has("Unhandled exception:") && !dartIsFlutter(t):
			return s, Text
		}
	case dartRows:
		switch {
		case dartIsRow(l), dartIsAot(t), dartBetween(t):
			return dartRows, Take
		case len(t) == 0:
			return dartRows, Hold
		}
	case dartBanner:
		switch {
		case dartIsRule(t):
			return Outside, Last
		case dartIsBanner(t):
			return Outside, No
		case dartIsRow(l), dartBetween(t), t.has("The following "), t.has("When the exception was thrown"):
			return dartBanner, Take
		}
		return dartBanner, Text
	case dartBox, dartBoxed:
		return dartInBox(s, t)
	case dartCrash:
		switch {
		case t.has("-- End of DumpStackTrace"):
			return Outside, Last
		case dartIsCrash(t):
			return s, Take
		}
	}
	return Outside, No
}

func dartOpen(l, t span) (State, Verdict) {
	if len(t) < 6 {
		return Outside, No
	}
	switch t[0] {
	case 'U':
		if string(t) == "Unhandled exception:" {
			return dartHead, Hold
		}
	case '=':
		if string(t) == dartCrashHead {
			return dartCrash, Hold
		}
	case '[':
		if dartIsFlutter(t) {
			return dartFlutter, Take
		}
	case 'A':
		if t.has("Another exception was thrown: ") {
			return Outside, Last
		}
	case 'W':
		if t.has("Warning: This VM has been configured to produce stack traces") {
			return dartRows, Hold
		}
	case '#', 'p', 'd':
		if dartIsRow(l) {
			return dartRows, Take
		}
	default:
		switch {
		case dartIsBanner(t):
			return dartBanner, Take
		case t.has("┌──") && len(bytes.Trim(t, "┌─")) == 0:
			return dartBox, Hold
		}
	}
	return Outside, No
}

// dartInBox reads a line of a box. It proves itself by the rows of a stack or
// by the sign that stands for an error.
func dartInBox(s State, t span) (State, Verdict) {
	switch {
	case t.has("└"):
		if s == dartBoxed {
			return Outside, Last
		}
	case t.has("├"):
		if s == dartBoxed {
			return s, Take
		}
		return s, Hold
	case t.has("│"):
		in := t[len("│"):].trim()
		sign := dartSign(in)
		if _, ok := dartRow(in); ok || sign == "error" || sign == "fatal" {
			return dartBoxed, Take
		}
		if s == dartBoxed {
			return s, Take
		}
		return s, Hold
	}
	return Outside, No
}

// dartText is a line without what Flutter puts in front of what a program
// prints on anything but Android.
func dartText(line span) span { return bytes.TrimPrefix(line, []byte("flutter: ")) }

// dartIsFlutter knows the line with which Flutter's engine reports what nobody caught.
//
//	[ERROR:flutter/runtime/dart_vm_initializer.cc(41)] Unhandled Exception: Bad state: No element
//	[VERBOSE-2:ui_dart_state.cc(209)] Unhandled Exception: Bad state: No element
func dartIsFlutter(t span) bool {
	return (t.has("[ERROR:flutter/") || t.has("[VERBOSE-2:")) && dartAfterFlutter(t) > 0
}

// dartAfterFlutter is where the exception begins in that line; 0 if it is none.
func dartAfterFlutter(t span) int {
	head := t[:min(len(t), 200)]
	at := bytes.IndexByte(head, ']')
	if at < 0 {
		return 0
	}
	for _, p := range [...]string{" Unhandled Exception: ", " Unhandled exception: ", " Unhandled Exception:", " Unhandled exception:"} {
		if t[at+1:].has(p) {
			return at + 1 + len(p)
		}
	}
	return 0
}

// dartIsBanner knows the opening rule, of the console and of the editors.
//
//	══╡ EXCEPTION CAUGHT BY WIDGETS LIBRARY ╞════════════════
//	════════ Exception caught by widgets library ════════════
func dartIsBanner(t span) bool {
	if !t.has("══") {
		return false
	}
	in := bytes.Trim(t[:min(len(t), 400)], "═╡╞ ")
	return span(in).has("EXCEPTION CAUGHT BY ") || span(in).has("Exception caught by ")
}

// dartIsRule knows the closing rule.
func dartIsRule(t span) bool {
	return t.has("════════") && len(bytes.Trim(t, "═")) == 0
}

// dartBetween knows what stands between rows.
func dartBetween(t span) bool {
	return string(t) == "<asynchronous suspension>" || t.has("===== asynchronous gap =") || t.has("(elided ") ||
		t.has("...") && (t.ends(" frames)") || t.ends(" frame)")) || t.ends("...") && len(bytes.Trim(t, "#0123456789. ")) == 0
}

// dartIsAot knows the lines in front of the addresses of a program that was compiled ahead of time.
func dartIsAot(t span) bool {
	for _, p := range [...]string{"build_id: '", "isolate_dso_base: ", "isolate_instructions: ", "isolate_instructions", "vm_instructions", "os: ", "loading_unit: ", "Warning: This VM has been configured"} {
		if t.has(p) {
			return true
		}
	}
	return androidIsStars(t) || t.has("pid: ") && bytes.Contains(t, []byte(", tid: "))
}

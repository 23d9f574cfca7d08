package trace

import (
	"bytes"
	"strings"
)

// The states of a .NET trace.
const (
	// dotnetHead: a header was read, its message may go on, no frame yet.
	//
	//	Unhandled exception. System.InvalidOperationException: settle failed
	//	 ---> System.TimeoutException: ledger
	//
	// from: Outside, dotnetStack, dotnetGap; to: dotnetStack, dotnetHead
	dotnetHead State = iota + 1

	// dotnetStack: among the frames.
	//
	//	   at Acme.Ledger.Debit(String id, Int32 cents) in /src/Ledger.cs:line 14
	//	   --- End of inner exception stack trace ---
	//
	// from: Outside, dotnetHead, dotnetGap, dotnetData; to: all
	dotnetStack

	// dotnetGap: a blank line behind frames; AggregateException prints one behind each member.
	//
	// from: dotnetStack, dotnetData; to: dotnetStack, dotnetHead
	dotnetGap

	// dotnetData: the properties that some exceptions print behind their frames.
	//
	//	  Exception data:
	//	    SqlState: 23505
	//
	// from: dotnetStack; to: dotnetStack, dotnetGap
	dotnetData

	// dotnetEaten: the same, after a carrier ate the blanks in front of the lines.
	//
	// from: dotnetStack; to: dotnetStack, dotnetGap
	dotnetEaten

	// dotnetAlone: "Unhandled Exception:" on a line of its own, as Mono prints it.
	//
	// from: Outside; to: dotnetHead
	dotnetAlone

	// dotnetUnity: among the rows of Unity's console, which stand at column 0.
	//
	//	Player.Update () (at Assets/Scripts/Player.cs:12)
	//	UnityEngine.Debug:LogException(Exception)
	//
	// from: Outside; to: none
	dotnetUnity
)

const (
	dotnetState State = 0xff

	// dotnetFailed: the program ended itself; the exception that it gave as the reason
	// may stand below its stack.
	//
	//	Process terminated. the ledger is corrupt
	//	   at System.Environment.FailFast(System.String, System.Exception)
	//	Acme.LedgerException: checksum
	dotnetFailed State = 1 << 8
)

// DotNet is the grammar of Exception.ToString of .NET, .NET Framework and Mono
// in all their languages, of what these runtimes print when they die, and of
// the renderings of Ben.Demystifier and Unity.
func DotNet() Language {
	return Language{
		Name:  "dotnet",
		Title: ".NET and Mono",
		Hints: dotnetHints(),
		// Rows of Unity's console begin with the name of a class, a trace that a sink wrote on one line with any word.
		RowHints: strings.Split("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", ""),
		Marks:    []string{markDense + "(", "(at ", "[0x"},
		Step:     dotnetStep,
		Back:     dotnetBack,
		Read:     dotnetRead,
	}
}

func dotnetHints() []string {
	hints := []string{"Unhandled Exception:", "Process terminated.", "Stack overflow.", "Process is terminating due to ", "---> ", "--- End of "}
	for _, w := range dotnetEnds {
		if !strings.HasPrefix(w, hints[0]) && !strings.HasPrefix(w, hints[1]) {
			hints = append(hints, w)
		}
	}
	for _, w := range dotnetWords {
		hints = append(hints, w+" ")
	}
	return hints
}

func dotnetStep(s State, line []byte) (State, Verdict) {
	st, v := dotnetNext(s&dotnetState, s&dotnetFailed != 0, span(line))
	if v != No && st != Outside {
		st |= s & dotnetFailed
	}
	return st, v
}

func dotnetNext(s State, failed bool, l span) (State, Verdict) {
	t := l.trim()
	switch s {
	case Outside:
		return dotnetOpen(l, t)
	case dotnetHead:
		return dotnetInMessage(l)
	case dotnetStack, dotnetGap, dotnetData, dotnetEaten:
		if failed && l.indent() == 0 && dotnetHeader(t, false).grade == dotnetSure {
			return dotnetHead, Take
		}
		return dotnetInStack(s, l, t)
	case dotnetAlone:
		if len(t) == 0 {
			return s, Hold
		}
		if h := dotnetHeader(t, false); h.grade > 0 {
			return dotnetHead, Take
		}
	case dotnetUnity:
		return dotnetInUnity(l, t)
	}
	return Outside, No
}

// dotnetOpen judges an opening line. A header alone proves nothing, so it is
// mostly a frame that opens a trace.
func dotnetOpen(l, t span) (State, Verdict) {
	if len(t) < 8 {
		return Outside, No
	}
	switch {
	case t.has("--"):
		if k := dotnetKind(l); k == dotnetIsEnd || k == dotnetIsAsync && bytes.Contains(t, []byte("stack trace")) {
			return dotnetStack, Take
		} else if k == dotnetIsLink {
			if h := dotnetLinked(t); h.grade == dotnetSure {
				return dotnetLink(l), Take
			}
		}
		return Outside, No
	case t[0] == 'S' && string(t) == "Stack overflow.":
		return dotnetStack, Hold
	case t.has("Process terminated."):
		return dotnetHead | dotnetFailed, Hold
	case t.has("Process is terminating due to "):
		return Outside, Last
	case string(t) == "Unhandled Exception:":
		return dotnetAlone, Hold
	case string(t) == dotnetNoMemory:
		return Outside, Last
	}
	if dotnetFatal(t) > 0 {
		switch h := dotnetHeader(t, false); {
		case h.grade == dotnetSure:
			return dotnetHead, Take
		case h.fatal.ends(": ") && h.fatal[0] != '[' && !h.fatal.has("Unhandled Exception"): // others say so too
			return Outside, No
		}
		return dotnetHead, Hold
	}
	return dotnetOpenFrame(l, t)
}

// dotnetOpenFrame judges a frame as an opening line, or a trace that a sink
// wrote on one line, which ends as a frame does.
func dotnetOpenFrame(l, t span) (State, Verdict) {
	if last := t[len(t)-1]; last != ')' && last != '.' && last != '-' && !isDigit(last) && (last < 'a' || last > 'f') {
		return Outside, No
	}
	switch c, g := dotnetFrame(l); {
	case g > 0 && c.unity:
		return dotnetUnity, Take
	case g == dotnetSure:
		return dotnetStack, Take
	}
	if dotnetFolded(t) > 0 && dotnetHeader(t, true).grade >= dotnetLikely {
		return dotnetStack, Take
	}
	return Outside, No
}

// dotnetInMessage is the Step between a header and its first frame.
func dotnetInMessage(l span) (State, Verdict) {
	switch dotnetKind(l) {
	case dotnetIsFrame, dotnetIsEnd, dotnetIsAsync:
		return dotnetStack, Take
	case dotnetIsNote:
		if dotnetRemote(l.trim()) {
			return dotnetStack, Take
		}
	case dotnetIsLink:
		return dotnetLink(l), Take
	}
	switch {
	case l.right().ends("<---"):
		return dotnetStack, Take
	case l.left().has(dotnetMonoAgain):
		return dotnetHead, Take
	}
	return dotnetHead, Text
}

// dotnetLink is the state behind an inner header: a member of an
// AggregateException that was never thrown ends on its own line.
func dotnetLink(l span) State {
	if l.right().ends("<---") {
		return dotnetStack
	}
	return dotnetHead
}

// dotnetInStack is the Step behind the first frame.
func dotnetInStack(s State, l, t span) (State, Verdict) {
	switch k := dotnetKind(l); k {
	case dotnetIsFrame:
		if s != dotnetGap || l.indent() > 0 {
			return dotnetStack, Take
		}
	case dotnetIsEnd, dotnetIsAsync:
		return dotnetStack, Take
	case dotnetIsLink:
		return dotnetLink(l), Take
	case dotnetIsBlank:
		return dotnetGap, Hold
	case dotnetIsNote:
		if s != dotnetGap || dotnetRemote(t) {
			return dotnetStack, Take
		}
	case dotnetIsData:
		if l.indent() == 0 {
			return dotnetEaten, Take
		}
		return dotnetData, Take
	}
	switch {
	case string(t) == "<---":
		return dotnetStack, Take
	case s == dotnetData && l.indent() >= 4, s == dotnetEaten && dotnetKeyed(t):
		return s, Take
	case t.has(dotnetRethrown) && dotnetHeader(t[len(dotnetRethrown):], false).grade > 0:
		return dotnetStack, Take
	case t.has(dotnetMonoAgain) && s != dotnetData && s != dotnetEaten: // Mono says it twice
		return dotnetHead, Take
	case string(t) == "Aborted (core dumped)", string(t) == "Aborted": // the shell, of the same death
		return Outside, Last
	}
	return Outside, No
}

func dotnetInUnity(l, t span) (State, Verdict) {
	if c, g := dotnetFrame(l); g > 0 && (c.unity || l.indent() > 0) {
		return dotnetUnity, Take
	}
	switch {
	case len(t) == 0:
		return dotnetUnity, Hold
	case t.has("(Filename: ") && t.ends(")"):
		return Outside, Last
	case dotnetColonRow(t), t.has(dotnetRethrown):
		return dotnetUnity, Take
	}
	return Outside, No
}

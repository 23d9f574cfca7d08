package trace

import (
	"bytes"
	"strings"
)

const (
	cppHouseError = "DB::Exception: "
	cppHouseStack = "Stack trace (when copying this message"
)

// cppHouseTitle tells the line of number signs with which ClickHouse begins to
// speak of its own crash: "########## Short fault info ############".
func cppHouseTitle(t span) bool { return t.has("##########") && t.ends("##########") }

// cppHouseRow reads what follows the number of a row, "3. ": a symbol in
// an object, a place in a source since 21.x, both with the address.
//
//	/usr/bin/clickhouse-server(DB::TCPHandler::run()+0x1c) [0x270a36c]
//	DB::TCPHandler::run() @ 0x0000000011aa11f5 in /usr/bin/clickhouse
//	./build_docker/./src/Server/TCPHandler.cpp:361: DB::TCPHandler::runImpl() @ 0x00000000128f0a55
//	inlined from ./src/Common/Exception.cpp:96: DB::Exception::Exception()
func cppHouseRow(t span, n int) (c nativeCall, _ int, ok bool) {
	if t.ends("]") {
		c, _, ok = cppSymbols(t)
		return c, n, ok
	}
	inlined := t.has("inlined from ")
	t = bytes.TrimPrefix(t, []byte("inlined from "))
	if at := bytes.LastIndex(t, []byte(" @ 0x")); at >= 0 {
		var rest span
		c.addr, rest, _ = nativeHex(t[at+len(" @ "):])
		if rest.has(" in ") && string(rest) != " in ?" {
			c.mod = rest[len(" in "):]
		}
		t = t[:at]
	}
	if at := bytes.Index(t, []byte(": ")); at > 0 {
		if file, line, col, is := nativePlace(t[:at]); is {
			c.file, c.line, c.col, t = file, line, col, t[at+len(": "):]
		}
	}
	if string(t) != "?" {
		c.fn = t
	}
	return c, n, c.addr != nil || inlined && c.line > 0
}

// cppHouseBack finds the record above the first row of an error's stack, between which stands a blank line.
func cppHouseBack(before Window) int {
	n := before.Len()
	for i := n - 1; i >= max(0, n-backLines); i-- {
		if bytes.Contains(before.Line(i), []byte(cppHouseStack)) {
			for ; i > 0 && !before.Record(i); i-- {
			}
			return n - i
		}
		if before.Record(i) {
			break
		}
	}
	return 0
}

// houseError names the crash after the error that ClickHouse logs with its stack:
// "Code: 60. DB::Exception: Table d.t does not exist. (UNKNOWN_TABLE), Stack trace (when copying ...):".
func (r *cppReader) houseError() bool {
	at := strings.Index(r.value, cppHouseError)
	if at < 0 || !strings.Contains(r.value, cppHouseStack) {
		return false
	}
	r.lead = strings.TrimRight(r.value[:at], " .:")
	value, _, _ := strings.Cut(r.value[at+len(cppHouseError):], cppHouseStack)
	r.typ, r.value = "DB::Exception", strings.TrimRight(value, ", \n")
	return true
}

package record

// Kind is the grammar by which a line was recognised.
type Kind uint8

// The kinds, each with a sample line.
const (
	// None: the line starts no log record.
	None Kind = iota
	// Plain is never found here: it is for callers that know from elsewhere, such
	// as a transport that states a severity, that a line without a header of its own is a record.
	Plain
	// Text: time, level, logger, thread in any usual order before the message.
	//	2026-11-22 05:30:00,123 ERROR [http-nio-8080-exec-1] com.acme.Pay - charge failed
	Text
	// LevelFirst: a level opens the line and no time stands anywhere.
	//	ERROR:payments.api:charge failed
	//	[error] charge failed
	LevelFirst
	// JSON: one object a line with a key that loggers write.
	//	{"level":"error","ts":1795327121.29,"msg":"charge failed"}
	JSON
	// Logfmt: key=value pairs, among them a level or a message.
	//	ts=2026-11-22T05:30:00Z level=error msg="charge failed"
	Logfmt
	// Klog: klog and glog.
	//	E1122 05:58:41.382403   10087 main.go:99] charge failed
	Klog
	// RubyLogger: Ruby's Logger with its default formatter.
	//	E, [2026-11-22T05:28:10.031628 #24294] ERROR -- billing: charge failed
	RubyLogger
	// Access: an access log line; it has no level and is its own message.
	//	10.0.0.1 - - [22/Nov/2026:05:30:00 +0000] "GET / HTTP/1.1" 200 12
	Access
	// DotNet: console logger of .NET; the message stands on the next line, indented by six.
	//	fail: Acme.Pay[0]
	DotNet
	// JUL: first line of java.util.logging; "SEVERE: message" stands on the next one.
	//	Nov 22, 2026 5:28:01 AM com.acme.Pay charge
	JUL
	// Erlang: head of an Erlang report; the report stands on the next lines.
	//	=ERROR REPORT==== 22-Nov-2026::05:31:18.489673 ===
	Erlang
	// PHP: PHP's error log, with or without a time, and what PHP-FPM passes on.
	//	[22-Nov-2026 05:28:11 UTC] PHP Fatal error:  Uncaught Exception: no in /x.php:3
	PHP
	// Apache: the error log of httpd 2.4.
	//	[Sun Nov 22 05:28:01.123456 2026] [core:error] [pid 7:tid 140] [client 10.0.0.1:5] AH00128: no file
	Apache
	// Nginx: the error log of nginx.
	//	2026/11/22 05:28:01 [error] 7#7: *1 open() failed, client: 10.0.0.1
	Nginx
	// Postgres: a PostgreSQL message.
	//	2026-11-22 05:28:01.123 UTC [123] app@pay ERROR:  relation "x" does not exist
	Postgres
	// Detail: DETAIL, HINT, CONTEXT or STATEMENT of the PostgreSQL message before it.
	//	2026-11-22 05:28:01.123 UTC [123] app@pay STATEMENT:  SELECT 1
	Detail
	// Redis: Redis and Valkey.
	//	12170:M 22 Nov 2026 06:02:56.277 # Server initialized
	Redis
	// Logcat: Android, threadtime and brief form.
	//	11-22 05:28:01.123  1234  1234 E AndroidRuntime: FATAL EXCEPTION: main
	Logcat
	// LogcatLong: Android's long form; the message stands on the next lines.
	//	[ 11-22 05:28:01.123  1234: 1234 E/AndroidRuntime ]
	LogcatLong
	// Shelf: Dart's shelf; the message stands on the next lines.
	//	ERROR - 2026-11-22 05:28:01.123456
	Shelf
	// Kernel: the Linux kernel's ring buffer.
	//	[ 3846.639479] usb 1-1: new high-speed USB device
	Kernel
	// Julia: Julia's console logger.
	//	┌ Error: charge failed
	Julia
)

var kindNames = [...]string{
	None: "none", Plain: "plain", Text: "text", LevelFirst: "level-first", JSON: "json", Logfmt: "logfmt",
	Klog: "klog", RubyLogger: "ruby", Access: "access", DotNet: "dotnet", JUL: "jul", Erlang: "erlang",
	PHP: "php", Apache: "apache", Nginx: "nginx", Postgres: "postgres", Detail: "detail", Redis: "redis",
	Logcat: "logcat", LogcatLong: "logcat-long", Shelf: "shelf", Kernel: "kernel", Julia: "julia",
}

// String is the name of the kind as testdata and diagnostics write it.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// MessageToBlank tells that the lines of such a message stand at the margin, up to a blank line.
func (k Kind) MessageToBlank() bool { return k == Erlang || k == LogcatLong || k == Shelf }

// MessageBelow tells that the message of such a record stands on the lines that
// follow its head.
func (k Kind) MessageBelow() bool {
	return k == DotNet || k == JUL || k == Erlang || k == LogcatLong || k == Shelf
}

package event

import "time"

// Level is Sentry's severity. The zero value means that the log did not say.
type Level string

// The five severities that Sentry knows; any other word is refused by some servers.
const (
	Fatal   Level = "fatal"
	Error   Level = "error"
	Warning Level = "warning"
	Info    Level = "info"
	Debug   Level = "debug"
)

// severity orders the levels; an unknown word ranks below all of them.
var severity = map[Level]int{Debug: 1, Info: 2, Warning: 3, Error: 4, Fatal: 5}

// AtLeast tells whether l is as severe as floor. An unknown level is not.
func (l Level) AtLeast(floor Level) bool {
	return severity[l] > 0 && severity[l] >= severity[floor]
}

// Event is one Sentry event. Every slice and map in it belongs to the event.
type Event struct {
	// EventID is 32 lower-case hex digits; the agent derives it from the place in the log.
	EventID string `json:"event_id"`
	// Timestamp is when the thing happened; written in UTC with microseconds.
	Timestamp time.Time `json:"timestamp"`
	// Platform is one of Sentry's platform words (python, java, node, go, ... other).
	Platform    string            `json:"platform,omitempty"`
	Level       Level             `json:"level,omitempty"`
	Logger      string            `json:"logger,omitempty"`
	Transaction string            `json:"transaction,omitempty"`
	ServerName  string            `json:"server_name,omitempty"`
	Release     string            `json:"release,omitempty"`
	Dist        string            `json:"dist,omitempty"`
	Environment string            `json:"environment,omitempty"`
	LogEntry    *LogEntry         `json:"logentry,omitempty"`
	Exception   *Exceptions       `json:"exception,omitempty"`
	Threads     *Threads          `json:"threads,omitempty"`
	Breadcrumbs *Breadcrumbs      `json:"breadcrumbs,omitempty"`
	User        *User             `json:"user,omitempty"`
	Request     *Request          `json:"request,omitempty"`
	Tags        map[string]string `json:"tags,omitempty"`
	Contexts    map[string]any    `json:"contexts,omitempty"`
	Extra       map[string]any    `json:"extra,omitempty"`
	Modules     map[string]string `json:"modules,omitempty"`
	Fingerprint []string          `json:"fingerprint,omitempty"`
	SDK         SDK               `json:"sdk"`
}

// SDK names the program that made the event. Servers refuse one without a name or a version.
type SDK struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// LogEntry is what the program logged. Formatted is always set: a server that
// interpolates Message and Params by itself can fail on a stray percent sign.
type LogEntry struct {
	Message   string `json:"message,omitempty"`
	Params    []any  `json:"params,omitempty"`
	Formatted string `json:"formatted"`
}

// Exceptions is an object that holds a list, as Threads and Breadcrumbs are: a
// flat list is accepted by some servers and refused by the published schema.
type Exceptions struct {
	Values []Exception `json:"values"`
}

// Exception is one link of a chain. At least one of Type and Value is set.
type Exception struct {
	Type       string      `json:"type,omitempty"`
	Value      string      `json:"value"`
	Module     string      `json:"module,omitempty"`
	ThreadID   string      `json:"thread_id,omitempty"`
	Stacktrace *Stacktrace `json:"stacktrace,omitempty"`
	Mechanism  *Mechanism  `json:"mechanism,omitempty"`
}

// Mechanism tells how the exception came about and where it stands in the tree.
type Mechanism struct {
	Type             string         `json:"type"` // required by the schema; "generic" when nothing better is known
	Handled          *bool          `json:"handled,omitempty"`
	Synthetic        bool           `json:"synthetic,omitempty"`
	Source           string         `json:"source,omitempty"`
	ExceptionID      *int           `json:"exception_id,omitempty"` // 0 is the outermost, which stands last in the list
	ParentID         *int           `json:"parent_id,omitempty"`
	IsExceptionGroup bool           `json:"is_exception_group,omitempty"`
	Description      string         `json:"description,omitempty"`
	HelpLink         string         `json:"help_link,omitempty"`
	Data             map[string]any `json:"data,omitempty"`
	Meta             map[string]any `json:"meta,omitempty"`
}

// Stacktrace is never sent with no frames.
type Stacktrace struct {
	Frames []Frame `json:"frames"`
}

// Frame is one call. At least one of Function, Filename and InstructionAddr is set.
type Frame struct {
	Function        string         `json:"function,omitempty"`
	RawFunction     string         `json:"raw_function,omitempty"` // only where Function was cleaned
	Symbol          string         `json:"symbol,omitempty"`
	Module          string         `json:"module,omitempty"`
	Package         string         `json:"package,omitempty"`
	Filename        string         `json:"filename,omitempty"`
	AbsPath         string         `json:"abs_path,omitempty"`
	Lineno          int            `json:"lineno,omitempty"` // 1-based; 0 is unknown
	Colno           int            `json:"colno,omitempty"`  // 1-based; 0 is unknown
	PreContext      []string       `json:"pre_context,omitempty"`
	ContextLine     string         `json:"context_line,omitempty"`
	PostContext     []string       `json:"post_context,omitempty"`
	InApp           *bool          `json:"in_app,omitempty"` // nil leaves the choice to the server
	StackStart      bool           `json:"stack_start,omitempty"`
	Vars            map[string]any `json:"vars,omitempty"`
	Platform        string         `json:"platform,omitempty"`
	InstructionAddr string         `json:"instruction_addr,omitempty"`
	SymbolAddr      string         `json:"symbol_addr,omitempty"`
	ImageAddr       string         `json:"image_addr,omitempty"`
	AddrMode        string         `json:"addr_mode,omitempty"`
}

// Threads holds stacks that belong to no exception.
type Threads struct {
	Values []Thread `json:"values"`
}

// Thread is a thread, goroutine or Erlang process. The crashed one carries no
// stack of its own: its exception does, and names it with ThreadID.
type Thread struct {
	ID         string      `json:"id"`
	Name       string      `json:"name,omitempty"`
	State      string      `json:"state,omitempty"`
	Crashed    bool        `json:"crashed,omitempty"`
	Current    bool        `json:"current,omitempty"`
	Main       bool        `json:"main,omitempty"`
	Stacktrace *Stacktrace `json:"stacktrace,omitempty"`
}

// Breadcrumbs run from the oldest to the newest.
type Breadcrumbs struct {
	Values []Breadcrumb `json:"values"`
}

// Breadcrumb is one thing that happened before the event.
type Breadcrumb struct {
	Timestamp time.Time      `json:"timestamp"`
	Type      string         `json:"type,omitempty"`
	Category  string         `json:"category,omitempty"`
	Message   string         `json:"message,omitempty"`
	Data      map[string]any `json:"data,omitempty"`
	Level     Level          `json:"level,omitempty"`
}

// User is who was affected.
type User struct {
	ID        string `json:"id,omitempty"`
	Email     string `json:"email,omitempty"`
	Username  string `json:"username,omitempty"`
	Name      string `json:"name,omitempty"`
	IPAddress string `json:"ip_address,omitempty"`
}

// Request is the HTTP request that was being served. URL carries neither userinfo nor query.
type Request struct {
	URL         string            `json:"url,omitempty"`
	Method      string            `json:"method,omitempty"`
	QueryString string            `json:"query_string,omitempty"`
	Headers     map[string]string `json:"headers,omitempty"`
	Cookies     string            `json:"cookies,omitempty"`
	Data        any               `json:"data,omitempty"`
	Env         map[string]string `json:"env,omitempty"`
}

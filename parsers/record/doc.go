// Package record knows what loggers write around a message: time, level,
// logger, thread, process id, fields. It tells where a log record starts, how
// severe it is, and where in the line its message begins.
//
// A Scanner gives two answers. Head is asked for every line of every log and
// does not allocate; Read is asked once per event and gives all that the line
// says. Both go through the same grammars, so that they never disagree.
//
// The package never decides what becomes an event, knows no stack trace (it only
// finds the field that holds one), keeps no line, and has no goroutine, clock or
// lock. Lines are borrowed until the call returns; what Read gives are copies.
//
// What a record says is decided by rules that hold for all formats:
//
//   - Level: the word, letter or number that the format has a place for. The
//     record's own level outranks that of a wrapper around it. Words in a message, in a
//     nested object or in a text are no level. A word that no logger uses, and the
//     level of a carrier that speaks of itself (PHP-FPM, stderr of WebSphere), is Unknown.
//   - Time: the record's own, else that of the wrapper in front of it. A zone in the
//     text counts; without one it is Options.Location. A year or date that lacks comes
//     from Options.Ref.
//   - Logger, thread, process id: where the format names them; of two bare names the
//     one that looks like a numbered thread is the thread. The place of the call is the field "caller".
//   - Message: what a person would quote. Its template and parameters only where the
//     format writes them. Pairs or an object behind the message are fields.
//   - Fields: every other member, the first of a name winning. Objects that merely
//     group (context, attributes, fields, properties, jsonPayload) are opened.
//   - Stack: the first member that holds the rows of a trace, whatever its form: text,
//     list of rows, list of frames, object with causes. It is written as the language prints it.
//   - Head.Msg never hides what a language's grammar knows as a mark of its rows
//     (Erlang's process, Crystal's source): Read takes that off.
//
// The formats follow the documentation and the real output of the loggers
// named beside each Kind; testdata holds a sample of each with its reading.
package record

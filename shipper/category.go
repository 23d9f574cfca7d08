package shipper

// Category is Sentry's word for a kind of data: rate limits and client reports
// name it. The numbers stand in the spool on disk and never change.
type Category uint8

// The categories an agent can meet, with the words of the header
// X-Sentry-Rate-Limits (Relay, DataCategory).
const (
	CategoryDefault     Category = 0
	CategoryError       Category = 1
	CategoryTransaction Category = 2
	CategorySpan        Category = 3
	CategoryLog         Category = 4 // log_item
	CategoryLogByte     Category = 5
	CategoryMetric      Category = 6 // trace_metric
	CategoryMetricByte  Category = 7
	CategoryMonitor     Category = 8 // check-ins
	CategorySession     Category = 9
	CategoryAttachment  Category = 10
	CategoryInternal    Category = 11 // client reports: no limit names them, a limit on everything stops them

	categories = 12
)

var categoryWords = [categories]string{
	"default", "error", "transaction", "span", "log_item", "log_byte",
	"trace_metric", "trace_metric_byte", "monitor", "session", "attachment", "internal",
}

// String is the word of the protocol; a number unknown here reads "default".
func (c Category) String() string {
	if c >= categories {
		return categoryWords[CategoryDefault]
	}
	return categoryWords[c]
}

// categoryOf finds the category for a word of the protocol. "internal" counts as
// unknown: nothing limits it by name.
func categoryOf(word string) (Category, bool) {
	for c, known := range categoryWords {
		if known == word && Category(c) != CategoryInternal {
			return Category(c), true
		}
	}
	return 0, false
}

// companion is the second category that a kind is charged to by its bytes; the
// kind waits while either is limited.
func (c Category) companion() Category {
	switch c {
	case CategoryLog:
		return CategoryLogByte
	case CategoryMetric:
		return CategoryMetricByte
	}
	return c
}

// keeps tells whether data of c is worth waiting for while its rate is limited:
// an error is, hours later too; a flood of logs or metrics would only fill the disk.
func (c Category) keeps() bool {
	return c == CategoryError || c == CategoryDefault || c == CategoryMonitor || c == CategoryAttachment
}

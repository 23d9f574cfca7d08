package source

import (
	"fmt"
	"sync"
	"time"
)

var dbgmu sync.Mutex
var dbglog []string

func dbgf(f string, a ...any) {
	dbgmu.Lock()
	dbglog = append(dbglog, time.Now().Format("05.000000 ")+fmt.Sprintf(f, a...))
	dbgmu.Unlock()
}

package scrub

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCorpusScratch(t *testing.T) {
	s := mustNew(t)
	var files []string
	for _, root := range strings.Fields(os.Getenv("CORPUS")) {
		filepath.Walk(root, func(p string, i os.FileInfo, err error) error {
			if err == nil && !i.IsDir() && i.Size() < 20<<20 {
				files = append(files, p)
			}
			return nil
		})
	}
	stride := 1
	fmt.Sscan(os.Getenv("STRIDE"), &stride)
	n, marks := 0, 0
	for _, f := range files {
		if ext := os.Getenv("EXT"); ext != "" && !strings.Contains(ext, filepath.Ext(f)+",") {
			continue
		}
		b, _ := os.ReadFile(f)
		for _, l := range bytes.Split(b, []byte("\n")) {
			n++
			for _, m := range s.Marks(nil, l) {
				marks++
				a, z := max(0, m.Start-50), min(len(l), m.End+30)
				if marks%stride == 0 && marks < 120*stride {
					fmt.Printf("%s %s: %s«%s»%s\n", filepath.Base(f), m.Detector, l[a:m.Start], l[m.Start:m.End], l[m.End:z])
				}
			}
		}
	}
	fmt.Println("lines", n, "marks", marks)
}

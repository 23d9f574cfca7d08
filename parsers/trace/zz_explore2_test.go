package trace
import ("path/filepath";"os")
func explore() []string { m, _ := filepath.Glob(os.Getenv("X")); return m }

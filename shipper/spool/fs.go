package spool

import "os"

// FS is every way in which the spool changes or reads a disk, so that a test can make any single one fail.
// Listing a directory, closing and asking for a size go to the os package: their failure teaches nothing.
type FS interface {
	// Open opens a file or directory with the flags of os.OpenFile, mode 0600.
	Open(name string, flag int) (*os.File, error)
	// Read fills p from offset off; less than len(p) only with an error (io.EOF at the end).
	Read(f *os.File, p []byte, off int64) (int, error)
	// Write writes p at offset off with one call, which may fall short.
	Write(f *os.File, p []byte, off int64) (int, error)
	// Sync returns when data and size are on the disk; with metadata also times and, for a directory, the names in it.
	Sync(f *os.File, metadata bool) error
	// Truncate sets the size and gives back what was reserved beyond it.
	Truncate(f *os.File, size int64) error
	// Reserve takes space on the disk up to size without changing the size of the file. Nil where a file system cannot do it.
	Reserve(f *os.File, size int64) error
	// Remove unlinks a file.
	Remove(name string) error
	// Free gives the bytes free for us, and in total, on the file system of dir.
	Free(dir string) (free, total int64, err error)
}

// disk is the real file system.
type disk struct{}

func (disk) Open(name string, flag int) (*os.File, error)       { return os.OpenFile(name, flag, 0o600) }
func (disk) Read(f *os.File, p []byte, off int64) (int, error)  { return f.ReadAt(p, off) }
func (disk) Write(f *os.File, p []byte, off int64) (int, error) { return f.WriteAt(p, off) }
func (disk) Truncate(f *os.File, size int64) error              { return f.Truncate(size) }
func (disk) Remove(name string) error                           { return os.Remove(name) }
func (disk) Sync(f *os.File, metadata bool) error               { return syncFile(f, metadata) }
func (disk) Reserve(f *os.File, size int64) error               { return reserve(f, size) }
func (disk) Free(dir string) (free, total int64, err error)     { return statfs(dir) }

// Package config reads the configuration file: strict YAML in which every room
// of the house has its own section, checked by that room's own Validate.
//
// Every error names the file and line, the path of the key, what was found and
// what is allowed. Environment variables are put into parsed scalars
// (${VAR}, ${VAR:-default}), never into the text of the file, so that a
// variable cannot change its structure. The package starts nothing and reads
// nothing but the files it is told to.
package config

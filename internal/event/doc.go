// Package event holds the nouns that flow through tracetail, shaped exactly
// like the JSON that Sentry takes in the item "event" of an envelope.
//
// There is no logic here beyond writing the types as JSON: parsers fill them,
// scrub masks them, shipper encodes them. Field names, limits and orders follow
// Sentry's event payload documentation (develop.sentry.dev, "Event Payloads")
// and the schema that Relay publishes.
//
// Orders worth remembering: Exceptions run from the innermost cause to the
// exception the user finally sees; Frames run from the oldest call to the frame
// that threw.
package event

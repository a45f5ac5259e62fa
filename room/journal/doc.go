// Package journal keeps the chat of rooms on disk: one file for each room, to
// which records are appended, and which is written anew now and then without what
// is forgotten.
//
// A file is lines of text. Each is the CRC-32C of what follows it, in hexadecimal,
// a space, and a [Record] as JSON:
//
//	5d3c01aa {"head":{"version":1,"room":"hello","epoch":"ZB7XWJ2MN4CAK3TQ","seq":0}}
//	a94be1f0 {"line":{"seq":1,"id":"NB5TMACQ7ZJ2WKX3","cid":"c-1","from":"K3TQZB7XWJ2MN4CA","name":"Mina","text":"hi","at":1761912000123}}
//	0f6b2c17 {"deleted":"NB5TMACQ7ZJ2WKX3"}
//
// What is appended counts once Append or Rewrite has returned without an error:
// from then on it is found again, whatever happens to the process or the machine.
// A record that was being written meanwhile is there whole or not at all.
package journal

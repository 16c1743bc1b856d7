package endpoint

// What docs/SQS.md marks [inf] or says nothing of on the wire, and why this
// endpoint does what it does. docs/ENDPOINT.md says the same to those who call it
// ("The two protocols"); query_test.go and json_test.go hold it. Where AWS is seen
// to do otherwise, both are changed.
//
//   - Void actions answer {} in JSON: an empty body is right too, but every SDK
//     takes {} (1.0).
//   - A name that comes twice: the last one counts, because that is what JSON
//     readers of the SDKs' languages do; a form's body comes after its URL, which
//     is the order in which they arrive (11.2, 11.4).
//   - Numbers in names say an order and nothing else, gaps and a start at 0
//     included: SDKs count from 1 without gaps, and who writes by hand is not to be
//     punished for less (11.4).
//   - A batch without entries in Query is EmptyBatchRequest, because left out and
//     empty look the same there (1.16).
//   - A number that is none is MalformedInput in Query as in JSON, in the words
//     that are recorded for JSON (11.3).
//   - A broken escape or more than 20,000 parameters is MalformedQueryString:
//     the code that AWS's Query services document for it.
//   - Text that is not UTF-8 is MalformedInput: SQS's bodies are Unicode (3.2), and
//     a body that was changed silently would have another MD5.
//   - An unknown target is UnknownOperationException with status 400, as the SDKs
//     model it; a request in neither protocol has 404 (11.1).
//   - Protocol errors come before those of authorisation, as 1.0 recommends, and a
//     host that is not answered before everything: it must not tell a page even
//     which actions there are.

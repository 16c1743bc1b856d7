package endpoint

import (
	"mime"
	"net/http"
	"strings"

	"sqscope/backend"
)

const (
	xmlContentType  = "text/xml"
	formContentType = "application/x-www-form-urlencoded"
	queryNamespace  = "http://queue.amazonaws.com/doc/2012-11-05/"
)

// isQuery tells whether a request may be in the Query protocol: whether it has
// parameters, of which one must be Action (docs/SQS.md 11.1).
func (r *request) isQuery() bool {
	switch r.method {
	case http.MethodGet:
		return r.query != ""
	case http.MethodPost:
		return r.query != "" || isMedia(r.contentType, formContentType)
	}
	return false
}

// handleQuery answers a request in the Query protocol (11.4): the parameters are
// in the URL, in the body or in both. One that names no action is in no protocol
// at all.
func (x *exchange) handleQuery() {
	if e := x.readForm(); e != nil {
		x.fail(e)
		return
	}
	name := x.form.all().bytes("Action")
	if len(name) == 0 {
		x.answerUnknown()
		return
	}
	a, known := x.server.byName[string(name)]
	if !known || x.form.url != "" && !onQueue(a.name) {
		x.fail(backend.ErrorOf(backend.ErrInvalidAction, "The action %s is not valid for this endpoint.", name))
		return
	}
	if err := a.query(x); err != nil {
		x.fail(backend.AsError(err))
		return
	}
	if x.protocol == renderedProtocol {
		x.reply(http.StatusOK, x.server.renderedType, x.json.buf)
	} else {
		x.reply(http.StatusOK, x.server.xmlType, x.xml.buf)
	}
}

func (x *exchange) readForm() *backend.Error {
	x.form.reset(x.queueOfPath())
	if x.query != "" {
		if e := x.form.parse([]byte(x.query)); e != nil {
			return e
		}
	}
	if x.method == http.MethodPost && isMedia(x.contentType, formContentType) {
		if e := checkCharset(x.contentType); e != nil {
			return e
		}
		if e := x.client.body(x); e != nil {
			x.closing = true
			return e
		}
		if e := x.form.parse(x.body); e != nil {
			return e
		}
	}
	x.form.sort()
	return nil
}

// checkCharset refuses a form whose header says that it is in another encoding
// than UTF-8.
func checkCharset(header string) *backend.Error {
	if !strings.Contains(header, ";") {
		return nil
	}
	_, parameters, err := mime.ParseMediaType(header)
	charset := parameters["charset"]
	if err != nil || charset == "" || strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "us-ascii") {
		return nil
	}
	return backend.ErrorOf(backend.ErrSerialization, "The request is in %s and must be in UTF-8.", charset)
}

// queueOfPath is the URL of the queue that the request was sent to, "" for the
// service's own path.
func (r *request) queueOfPath() string {
	if strings.Trim(r.path, "/") == "" {
		return ""
	}
	return "http://" + r.host + r.path
}

// onQueue tells whether an action may be asked of a queue's own path (11.4).
func onQueue(action string) bool { return action != "CreateQueue" && action != "ListQueues" }

// respond writes an answer as XML.
func respond[Out any](x *exchange, action string, toXML func(*xmlWriter, Out), out Out) {
	w := &x.xml
	w.head(action, "Response")
	if toXML != nil {
		start := w.begin(action, "Result")
		toXML(w, out)
		w.endOrEmpty(start, action, "Result")
	}
	w.buf = append(w.buf, "<ResponseMetadata>"...)
	w.text("RequestId", string(x.id[:]))
	w.buf = append(w.buf, "</ResponseMetadata>"...)
	w.end(action, "Response")
}

// render writes an answer as the JSON that a GET can ask for (11.1). What is
// empty is left out, as everywhere.
func render[Out any](x *exchange, action string, toJSON func(*jsonWriter, Out), out Out) {
	w := &x.json
	w.begin('{')
	w.name(action + "Response")
	w.begin('{')
	if toJSON != nil {
		w.name(action + "Result")
		w.begin('{')
		toJSON(w, out)
		w.end('}')
	}
	w.name("ResponseMetadata")
	w.begin('{')
	w.text("RequestId", string(x.id[:]))
	w.end('}')
	w.end('}')
	w.end('}')
}

// inQuery is the text of an error in this protocol, of which one is another than
// in JSON (11.4).
func inQuery(e *backend.Error) string {
	if e.Shape == backend.ErrQueueDoesNotExist && e.Message == "The specified queue does not exist." {
		return "The specified queue does not exist for this wsdl version."
	}
	return e.Message
}

func (x *exchange) failQuery(e *backend.Error) {
	w := &x.xml
	w.buf = append(w.buf[:0], xmlDeclaration+`<ErrorResponse xmlns="`+queryNamespace+`"><Error>`...)
	w.text("Type", faultOf(e))
	w.text("Code", e.Code)
	w.textAlways("Message", inQuery(e))
	w.buf = append(w.buf, "<Detail/></Error>"...)
	w.text("RequestId", string(x.id[:]))
	w.buf = append(w.buf, "</ErrorResponse>"...)
	x.reply(e.Status, x.server.xmlType, w.buf)
}

func (x *exchange) failRendered(e *backend.Error) {
	w := &x.json
	w.buf = w.buf[:0]
	w.begin('{')
	w.name("Error")
	w.begin('{')
	w.text("Type", faultOf(e))
	w.text("Code", e.Code)
	w.textAlways("Message", inQuery(e))
	w.end('}')
	w.text("RequestId", string(x.id[:]))
	w.end('}')
	x.reply(e.Status, x.server.renderedType, w.buf)
}

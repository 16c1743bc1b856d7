package endpoint

import (
	"net"
	"net/url"
	"strings"

	"sqscope/backend"
)

// identify puts the caller into the request's context, if somebody wants to know
// callers. The endpoint itself believes every access key.
func (x *exchange) identify() {
	identify := x.server.options.Identify
	if identify == nil {
		return
	}
	secure := "false"
	if x.secure {
		secure = "true"
	}
	context := map[string][]string{"aws:SecureTransport": {secure}}
	if host, _, err := net.SplitHostPort(x.remote); err == nil {
		context["aws:SourceIp"] = []string{host}
	}
	if x.agent != "" {
		context["aws:UserAgent"] = []string{x.agent}
	}
	x.ctx = backend.WithCaller(x.ctx, identify(backend.Caller{AccessKey: x.accessKey(), Context: context}))
}

// accessKey is the one that signed the request: in the header, as SDKs do, or in
// the URL of one that was signed beforehand. "" if nobody signed it.
func (r *request) accessKey() string {
	if _, rest, ok := strings.Cut(r.authorization, "Credential="); ok {
		key, _, _ := strings.Cut(rest, "/")
		return key
	}
	if !strings.Contains(r.query, "X-Amz-Credential=") && !strings.Contains(r.query, "AWSAccessKeyId=") {
		return ""
	}
	q, err := url.ParseQuery(r.query)
	if err != nil {
		return "" // the action's reader says what is wrong with it
	}
	if key, _, ok := strings.Cut(q.Get("X-Amz-Credential"), "/"); ok {
		return key
	}
	return q.Get("AWSAccessKeyId")
}

package awssqs

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"sqscope/backend"
)

const nextForNetwork = "check the network, the VPN and the proxy"

// service is whom a request went to, as errors call it.
type service struct {
	name     string // SQS
	protocol string // SQS's JSON protocol
	at       string // for people: without user and password
	local    bool   // on this machine
}

// failed makes an [*backend.Error] of what the SDK returned for an action of SQS
// on a subject: a queue's name, an ARN.
func (c *Client) failed(action, subject string, err error) error {
	s := service{name: "SQS", protocol: "SQS's JSON protocol", at: c.endpoint, local: backend.IsLoopback(c.place.Endpoint)}
	return c.failedAt(s, action, subject, err)
}

// failedBeside does so for a service beside SQS with its own endpoint, "" for
// AWS's. The action is named as the right to it is: sns:ListSubscriptions.
func (c *Client) failedBeside(name, endpoint, action, subject string, err error) error {
	s := service{name: name, protocol: name + "'s protocol", at: readable(endpoint), local: backend.IsLoopback(endpoint)}
	if endpoint == "" {
		s.at = name + " in " + c.place.Region
	}
	return c.failedAt(s, action, subject, err)
}

func (c *Client) failedAt(s service, action, subject string, err error) error {
	if err == nil {
		return nil
	}
	e := &backend.Error{Action: action, Subject: subject, Err: err}
	var noCredentials *credentialsError
	switch api := apiError(err); {
	case errors.Is(err, context.Canceled) && !errors.Is(err, errNotAnswered):
		e.Kind, e.Message = backend.KindCancelled, "was given up"
	case errors.As(err, &noCredentials):
		c.credentialsFailed(e, noCredentials)
	case api != nil && api.ErrorCode() != unknownError:
		c.refused(e, s, api, statusOf(err))
	case statusOf(err) != 0 && unreachable(err) == "":
		notSpoken(e, s, statusOf(err))
	default:
		unanswered(e, s)
	}
	return e
}

// unknownError is the SDK's code for an answer without one.
const unknownError = "UnknownError"

func apiError(err error) smithy.APIError {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api
	}
	return nil
}

func statusOf(err error) int {
	var r *smithyhttp.ResponseError
	if errors.As(err, &r) && r.Response != nil {
		return r.HTTPStatusCode()
	}
	return 0
}

// refused is an error that the service gave.
func (c *Client) refused(e *backend.Error, s service, api smithy.APIError, status int) {
	known := backend.ErrorByCode(api.ErrorCode(), status, api.ErrorMessage())
	e.Kind, e.Code, e.Shape, e.Status, e.Message = known.Kind, known.Code, known.Shape, known.Status, known.Message
	switch e.Kind {
	case backend.KindCredentials:
		e.Subject, e.Next = c.who(), c.login.next
	case backend.KindDenied:
		e.Next = "ask for the right to " + rightFor(e.Action) + ", or use another profile"
	case backend.KindUnsupported:
		e.Next = s.at + " does not know this action"
	}
}

// rightFor is the IAM action that an action needs. Batches have none of their
// own (docs/SQS.md 10.1).
func rightFor(action string) string {
	if strings.Contains(action, ":") {
		return action
	}
	return "sqs:" + strings.TrimSuffix(action, "Batch")
}

// notSpoken is an answer that the service never gives: a web server, a proxy, an
// emulator without this service or action.
func notSpoken(e *backend.Error, s service, status int) {
	e.Status, e.Subject = status, s.at
	switch {
	case status < 300 || status == http.StatusNotFound || status == http.StatusMethodNotAllowed || status == http.StatusNotImplemented:
		e.Kind = backend.KindUnsupported
		e.Message = fmt.Sprintf("what answers there does not speak %s, or not for %s (HTTP %d)", s.protocol, e.Action, status)
		e.Next = "check the endpoint URL"
	default:
		e.Kind = backend.ErrorByCode("", status, "").Kind
		e.Message = fmt.Sprintf("the answer was HTTP %d without an error of %s", status, s.name)
		e.Next = "check the endpoint URL and the proxy"
	}
}

// unanswered is everything that ended without an answer of the service.
func unanswered(e *backend.Error, s service) {
	cause := unreachable(e.Err)
	switch {
	case outOfTime(e.Err):
		e.Kind, e.Message, e.Next = backend.KindTimeout, "no answer came in time from "+s.at, "try again; "+nextForNetwork
	case cause != "":
		e.Kind, e.Subject, e.Message, e.Next = backend.KindNetwork, s.at, "cannot be reached: "+cause, nextForNetwork
		if s.local {
			e.Next = "start what should listen there (sqscope serve), or correct the endpoint URL"
		}
	default:
		var op *smithy.OperationError
		e.Kind, e.Message = backend.KindInternal, e.Err.Error()
		if errors.As(e.Err, &op) {
			e.Message = op.Err.Error()
		}
	}
}

// outOfTime tells whether an answer took too long. A connection that could not
// be made in time is one that could not be made.
func outOfTime(err error) bool {
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return false
	}
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// unreachable says why a connection failed, or "" if that is not what failed.
func unreachable(err error) string {
	var dns *net.DNSError
	var op *net.OpError
	var unknownCA x509.UnknownAuthorityError
	var wrongName x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &dns):
		if dns.IsNotFound {
			return "the name " + dns.Name + " is not known"
		}
		return "the name " + dns.Name + " could not be looked up"
	case errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, winConnRefused):
		return "nothing listens there (connection refused)"
	case errors.As(err, &unknownCA), errors.As(err, &wrongName), errors.As(err, &invalid):
		return "its TLS certificate is not accepted"
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return "it does not speak TLS, so the URL begins with http and not https"
	case errors.As(err, &op) && op.Op == "dial":
		return "no connection: " + op.Err.Error()
	case errors.As(err, &op):
		return "the connection broke: " + op.Err.Error()
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the connection was closed in the middle of an answer"
	}
	var send *smithyhttp.RequestSendError
	if errors.As(err, &send) {
		return "the request could not be sent"
	}
	return ""
}

// winConnRefused is WSAECONNREFUSED, which on Windows is not
// syscall.ECONNREFUSED.
const winConnRefused = syscall.Errno(10061)

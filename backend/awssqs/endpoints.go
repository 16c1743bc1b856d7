package awssqs

import (
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"sqscope/backend"
)

// baseEndpoint is the endpoint that the SDK would use, "" for AWS's own.
func baseEndpoint(cfg aws.Config, o Options) string {
	if o.EndpointURL != "" {
		return o.EndpointURL
	}
	return aws.ToString(sqs.NewFromConfig(cfg).Options().BaseEndpoint)
}

// beside is where a service beside SQS is: where the environment or the files
// say, else where SQS is, so that nothing that was meant for an emulator goes to
// AWS. SQS behind a VPC endpoint is AWS's own, which has the others elsewhere.
func (c *Client) beside(configured *string) *string {
	if configured != nil || c.base == "" || ownedByAWS(c.base) {
		return configured
	}
	return &c.base
}

// ownedByAWS tells whether an endpoint is one of AWS's own names.
func ownedByAWS(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil {
		return false
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	for _, domain := range []string{".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".api.amazonwebservices.com.cn"} {
		if strings.HasSuffix(host, domain) {
			return true
		}
	}
	return false
}

func checkURL(s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		return nil
	}
	return &backend.Error{
		Kind: backend.KindInvalid, Subject: readable(s), Message: "is no endpoint URL",
		Next: "give it with its scheme, as in http://127.0.0.1:9324",
	}
}

// readable is a URL without a password.
func readable(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return "the endpoint URL"
	}
	if u.User == nil {
		return s
	}
	u.User = nil
	return u.String()
}

package awssqs

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"

	"sqscope/backend"
)

// keys is what is asked of KMS; a function for the reason that [topics] are.
type keys struct {
	endpoint string // "": AWS's own
	generate func(context.Context, *kms.GenerateDataKeyInput) (*kms.GenerateDataKeyOutput, error)
}

func newKeys(cfg aws.Config, beside func(configured *string) *string) keys {
	client := kms.NewFromConfig(cfg, func(o *kms.Options) { o.BaseEndpoint = beside(o.BaseEndpoint) })
	return keys{
		endpoint: aws.ToString(client.Options().BaseEndpoint),
		generate: func(ctx context.Context, in *kms.GenerateDataKeyInput) (*kms.GenerateDataKeyOutput, error) {
			return client.GenerateDataKey(ctx, in)
		},
	}
}

// SendKey has KMS try what SQS asks of it in our name when we send, as a dry run,
// with the encryption context that SQS gives (docs/SQS.md 10.5). The key that AWS
// manages for SQS answers SQS alone, and is not asked for.
func (c *Client) SendKey(ctx context.Context, key string, queue backend.ARN) error {
	if strings.HasSuffix(key, "alias/aws/sqs") {
		return nil
	}
	_, err := c.kms().generate(ctx, &kms.GenerateDataKeyInput{
		KeyId: &key, KeySpec: kmstypes.DataKeySpecAes256, DryRun: aws.Bool(true),
		EncryptionContext: map[string]string{"aws:sqs:arn": queue.String()},
	})
	var would *kmstypes.DryRunOperationException // which is how KMS says that it would have worked
	if errors.As(err, &would) {
		return nil
	}
	return c.failedBeside("KMS", c.kms().endpoint, "kms:GenerateDataKey", key, err)
}

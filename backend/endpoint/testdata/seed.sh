#!/bin/bash
# The walk-through of the tutorials: make a queue, send, receive, delete, clean
# up. Nothing in it knows of sqscope.
set -euo pipefail

PROFILE=local
QUEUE_NAME=tutorial

QUEUE_URL=$(aws sqs create-queue \
  --queue-name "$QUEUE_NAME" \
  --attributes VisibilityTimeout=45 \
  --query QueueUrl --output text --profile "$PROFILE")
echo "created $QUEUE_NAME"

QUEUE_ARN=$(aws sqs get-queue-attributes \
  --queue-url "$QUEUE_URL" \
  --attribute-names QueueArn \
  --query Attributes.QueueArn --output text --profile "$PROFILE")
echo "arn $QUEUE_ARN"

MESSAGE_ID=$(aws sqs send-message \
  --queue-url "$QUEUE_URL" \
  --message-body '{"order": 1, "note": "5 < 6 & \"ok\""}' \
  --message-attributes 'kind={DataType=String,StringValue=order}' \
  --query MessageId --output text --profile "$PROFILE")

MESSAGE=$(aws sqs receive-message \
  --queue-url "$QUEUE_URL" \
  --wait-time-seconds 10 \
  --attribute-names All \
  --message-attribute-names All \
  --output json --profile "$PROFILE")
[ "$(jq -r '.Messages[0].MessageId' <<<"$MESSAGE")" = "$MESSAGE_ID" ]
echo "received $(jq -r '.Messages[0].Body' <<<"$MESSAGE") $(jq -r '.Messages[0].MessageAttributes.kind.StringValue' <<<"$MESSAGE")"

RECEIPT_HANDLE=$(jq -r '.Messages[0].ReceiptHandle' <<<"$MESSAGE")
aws sqs delete-message \
  --queue-url "$QUEUE_URL" \
  --receipt-handle "$RECEIPT_HANDLE" --profile "$PROFILE"

echo "queues $(aws sqs list-queues --query 'length(QueueUrls)' --output text --profile "$PROFILE")"

aws sqs delete-queue --queue-url "$QUEUE_URL" --profile "$PROFILE"
echo "queues $(aws sqs list-queues --query QueueUrls --output text --profile "$PROFILE")"

// What a program on the JavaScript SDK does with SQS, checked step by step. It
// is told of the endpoint by AWS_ENDPOINT_URL_SQS alone.
'use strict';
const assert = require('node:assert');
const {
  SQSClient, CreateQueueCommand, DeleteMessageBatchCommand, DeleteMessageCommand, DeleteQueueCommand, GetQueueAttributesCommand,
  GetQueueUrlCommand, ListMessageMoveTasksCommand, PurgeQueueCommand, QueueDoesNotExist, ReceiveMessageCommand, SendMessageBatchCommand,
  SendMessageCommand, SetQueueAttributesCommand, StartMessageMoveTaskCommand, paginateListQueues,
} = require('@aws-sdk/client-sqs');

const sqs = new SQSClient({ maxAttempts: 1 });
const call = (Command, input) => sqs.send(new Command(input));
const arn = async (QueueUrl) => (await call(GetQueueAttributesCommand, { QueueUrl, AttributeNames: ['QueueArn'] })).Attributes.QueueArn;
const fails = async (name, status, promise) => {
  const e = await promise.then(() => assert.fail(`no error, want ${name}`), (e) => e);
  assert.equal(e.name, name, e);
  assert.equal(e.$metadata.httpStatusCode, status);
  assert.equal(e.$metadata.requestId.length, 36);
  return e;
};

(async () => {
  // Create, send and receive with attributes of every type.
  const { QueueUrl } = await call(CreateQueueCommand, { QueueName: 'orders', Attributes: { VisibilityTimeout: '60' }, tags: { team: 'checkout' } });
  assert.equal(QueueUrl, `${process.env.AWS_ENDPOINT_URL_SQS}/000000000000/orders`);
  const MessageBody = 'line\r\nnext\ttab <&> "q" \\ é 😀 \u2028';
  const MessageAttributes = {
    text: { DataType: 'String.label', StringValue: 'x <&> é' },
    count: { DataType: 'Number', StringValue: '42' },
    raw: { DataType: 'Binary', BinaryValue: Uint8Array.from({ length: 256 }, (_, i) => i) },
  };
  await call(SendMessageCommand, { QueueUrl, MessageBody, MessageAttributes });
  const receive = (extra) => call(ReceiveMessageCommand, { QueueUrl, ...extra }).then((out) => out.Messages);
  const [message] = await receive({ MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'], WaitTimeSeconds: 5 });
  assert.equal(message.Body, MessageBody);
  assert.equal(message.Attributes.ApproximateReceiveCount, '1');
  assert.equal(message.MessageAttributes.text.StringValue, 'x <&> é');
  assert.deepEqual([...message.MessageAttributes.raw.BinaryValue], [...MessageAttributes.raw.BinaryValue]);
  await call(DeleteMessageCommand, { QueueUrl, ReceiptHandle: message.ReceiptHandle });
  assert.equal(await receive({ VisibilityTimeout: 0 }), undefined);

  // Batches, with an entry that fails beside those that do not.
  const batch = await call(SendMessageBatchCommand, {
    QueueUrl, Entries: [{ Id: 'good', MessageBody: 'a' }, { Id: 'bad', MessageBody: 'b', MessageDeduplicationId: 'd' }],
  });
  assert.deepEqual(batch.Successful.map((e) => e.Id), ['good']);
  assert.deepEqual(batch.Failed.map((e) => [e.Id, e.Code, e.SenderFault]), [['bad', 'InvalidParameterValue', true]]);
  const [{ ReceiptHandle }] = await receive();
  const deleted = await call(DeleteMessageBatchCommand, { QueueUrl, Entries: [{ Id: '1', ReceiptHandle }, { Id: '2', ReceiptHandle: 'x' }] });
  assert.deepEqual(deleted.Failed.map((e) => [e.Id, e.Code]), [['2', 'ReceiptHandleIsInvalid']]);

  // FIFO.
  const fifo = await call(CreateQueueCommand, { QueueName: 'pay.fifo', Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true' } });
  for (const body of ['1', '2', '1']) {
    await call(SendMessageCommand, { QueueUrl: fifo.QueueUrl, MessageBody: body, MessageGroupId: 'g' });
  }
  const inOrder = await call(ReceiveMessageCommand, { QueueUrl: fifo.QueueUrl, MaxNumberOfMessages: 10 });
  assert.deepEqual(inOrder.Messages.map((m) => m.Body), ['1', '2']);

  // Pages.
  for (let i = 0; i < 25; i++) {
    await call(CreateQueueCommand, { QueueName: `page-${i}` });
  }
  const pages = [];
  for await (const page of paginateListQueues({ client: sqs, pageSize: 10 }, { QueueNamePrefix: 'page-' })) {
    pages.push(page.QueueUrls.length);
  }
  assert.deepEqual(pages, [10, 10, 5]);

  // A dead-letter queue, and its messages moved back.
  const { QueueUrl: dlq } = await call(CreateQueueCommand, { QueueName: 'orders-dlq' });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: await arn(dlq), maxReceiveCount: 1 });
  await call(SetQueueAttributesCommand, { QueueUrl, Attributes: { RedrivePolicy } });
  await call(SendMessageCommand, { QueueUrl, MessageBody: 'poison' });
  await receive({ VisibilityTimeout: 0 });
  assert.equal(await receive({ VisibilityTimeout: 0 }), undefined);
  await call(StartMessageMoveTaskCommand, { SourceArn: await arn(dlq) });
  assert.equal((await receive({ WaitTimeSeconds: 20 }))[0].Body, 'poison');
  const { Results } = await call(ListMessageMoveTasksCommand, { SourceArn: await arn(dlq) });
  assert.equal(Results[0].ApproximateNumberOfMessagesToMove, 1);

  // Errors by name, status and class.
  const e = await fails('QueueDoesNotExist', 400, call(GetQueueUrlCommand, { QueueName: 'nope' }));
  assert(e instanceof QueueDoesNotExist);
  await fails('InvalidMessageContents', 400, call(SendMessageCommand, { QueueUrl, MessageBody: '\u0007' }));
  await fails('ReceiptHandleIsInvalid', 404, call(DeleteMessageCommand, { QueueUrl, ReceiptHandle: 'x' }));
  await call(PurgeQueueCommand, { QueueUrl });
  await call(DeleteQueueCommand, { QueueUrl });

  sqs.destroy();
  console.log('done', require('@aws-sdk/client-sqs/package.json').version);
})();

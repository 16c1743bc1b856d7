// Stands for @aws-sdk/client-sqs: sends what it is given as the JSON protocol has
// it, bytes as base64.
export class SendMessageCommand {
  constructor(input) {
    this.input = input;
  }
}

export class SQSClient {
  constructor(options) {
    if (options.useQueueUrlAsEndpoint !== false || options.credentials.accessKeyId !== "test") throw new Error("options");
    this.options = options;
  }

  async send(command) {
    const body = JSON.stringify(command.input, (_, v) => (v && v.type === "Buffer" ? Buffer.from(v.data).toString("base64") : v));
    const answer = await fetch(this.options.endpoint, {
      method: "POST",
      headers: { "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.SendMessage" },
      body,
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }
}

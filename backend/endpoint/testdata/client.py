"""What a program on boto3 does with SQS, checked step by step.

Debian's boto3 speaks the Query protocol; a newer one speaks JSON. It is older
than move tasks, so their part of the model is added if it is not there.
"""

import json
import os

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

MOVE_TASKS = {
    "operations": {
        name: {
            "name": name,
            "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": name + "Request"},
            "output": {"shape": name + "Result", "resultWrapper": name + "Result"},
            "errors": [],
        }
        for name in ("StartMessageMoveTask", "ListMessageMoveTasks", "CancelMessageMoveTask")
    },
    "shapes": {
        "StartMessageMoveTaskRequest": {
            "type": "structure",
            "members": {
                "SourceArn": {"shape": "String"},
                "DestinationArn": {"shape": "String"},
                "MaxNumberOfMessagesPerSecond": {"shape": "Integer"},
            },
        },
        "StartMessageMoveTaskResult": {"type": "structure", "members": {"TaskHandle": {"shape": "String"}}},
        "CancelMessageMoveTaskRequest": {"type": "structure", "members": {"TaskHandle": {"shape": "String"}}},
        "CancelMessageMoveTaskResult": {
            "type": "structure",
            "members": {"ApproximateNumberOfMessagesMoved": {"shape": "MoveTaskLong"}},
        },
        "ListMessageMoveTasksRequest": {
            "type": "structure",
            "members": {"SourceArn": {"shape": "String"}, "MaxResults": {"shape": "Integer"}},
        },
        "ListMessageMoveTasksResult": {"type": "structure", "members": {"Results": {"shape": "MoveTaskList"}}},
        "MoveTaskList": {
            "type": "list",
            "flattened": True,
            "member": {"shape": "MoveTask", "locationName": "ListMessageMoveTasksResultEntry"},
        },
        "MoveTask": {
            "type": "structure",
            "members": {
                "TaskHandle": {"shape": "String"},
                "Status": {"shape": "String"},
                "SourceArn": {"shape": "String"},
                "ApproximateNumberOfMessagesMoved": {"shape": "MoveTaskLong"},
                "ApproximateNumberOfMessagesToMove": {"shape": "MoveTaskLong"},
                "StartedTimestamp": {"shape": "MoveTaskLong"},
            },
        },
        "MoveTaskLong": {"type": "long"},
    },
}


def client():
    session = botocore.session.get_session()
    loader = session.get_component("data_loader")
    load = loader.load_service_model

    def load_with_move_tasks(service, kind, *arguments, **named):
        model = load(service, kind, *arguments, **named)
        if service == "sqs" and kind == "service-2" and "StartMessageMoveTask" not in model["operations"]:
            model = json.loads(json.dumps(model))
            for part, added in MOVE_TASKS.items():
                model[part].update(added)
        return model

    loader.load_service_model = load_with_move_tasks
    return boto3.session.Session(botocore_session=session).client(
        "sqs",
        endpoint_url=os.environ["SQSCOPE_ENDPOINT"],
        region_name="us-east-1",
        config=Config(retries={"max_attempts": 0}),
    )


def fails(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as e:
        assert e.response["Error"]["Code"] == code, e
        return e
    raise AssertionError("no error, want " + code)


sqs = client()


def arn(url):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


# Create, send and receive with attributes of every type.
url = sqs.create_queue(QueueName="orders", Attributes={"VisibilityTimeout": "60"}, tags={"team": "check out", "empty": ""})["QueueUrl"]
assert url == os.environ["SQSCOPE_ENDPOINT"] + "/000000000000/orders", url
assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"team": "check out", "empty": ""}
body = "line\r\nnext\ttab <&> \"q\" é 😀 %2B +"
attributes = {
    "text": {"DataType": "String.label", "StringValue": "x <&> é"},
    "count": {"DataType": "Number", "StringValue": "42"},
    "raw": {"DataType": "Binary", "BinaryValue": bytes(range(256))},
}
sent = sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=attributes, DelaySeconds=0)
received = sqs.receive_message(QueueUrl=url, AttributeNames=["All"], MessageAttributeNames=["All"], WaitTimeSeconds=5)["Messages"]
assert len(received) == 1, received
message = received[0]
assert message["Body"] == body, message["Body"]
assert message["MD5OfBody"] == sent["MD5OfMessageBody"]
assert message["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]
assert message["Attributes"]["ApproximateReceiveCount"] == "1", message["Attributes"]
for name, value in attributes.items():
    assert message["MessageAttributes"][name] == value, (name, message["MessageAttributes"][name])
sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
again = sqs.receive_message(QueueUrl=url, AttributeNames=["ApproximateReceiveCount"])["Messages"][0]
assert again["Attributes"] == {"ApproximateReceiveCount": "2"}, again
sqs.delete_message(QueueUrl=url, ReceiptHandle=again["ReceiptHandle"])
assert "Messages" not in sqs.receive_message(QueueUrl=url)

# Batches, with an entry that fails beside those that do not.
batch = sqs.send_message_batch(
    QueueUrl=url,
    Entries=[
        {"Id": "good", "MessageBody": "a"},
        {"Id": "delayed", "MessageBody": "b", "DelaySeconds": 900},
        {"Id": "bad", "MessageBody": "c", "MessageDeduplicationId": "d"},
    ],
)
assert [e["Id"] for e in batch["Successful"]] == ["good", "delayed"], batch
assert [(e["Id"], e["Code"], e["SenderFault"]) for e in batch["Failed"]] == [("bad", "InvalidParameterValue", True)], batch
handle = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"][0]["ReceiptHandle"]
out = sqs.change_message_visibility_batch(QueueUrl=url, Entries=[{"Id": "1", "ReceiptHandle": handle, "VisibilityTimeout": 30}])
assert [e["Id"] for e in out["Successful"]] == ["1"], out
out = sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": "1", "ReceiptHandle": handle}, {"Id": "2", "ReceiptHandle": "nonsense"}])
assert [e["Id"] for e in out["Successful"]] == ["1"], out
assert [(e["Id"], e["Code"]) for e in out["Failed"]] == [("2", "ReceiptHandleIsInvalid")], out

# FIFO: order, deduplication, sequence numbers.
fifo = sqs.create_queue(QueueName="pay.fifo", Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"})["QueueUrl"]
numbers = [sqs.send_message(QueueUrl=fifo, MessageBody=b, MessageGroupId="g")["SequenceNumber"] for b in ("1", "2", "1")]
assert numbers[0] == numbers[2] < numbers[1], numbers
got = sqs.receive_message(QueueUrl=fifo, MaxNumberOfMessages=10)["Messages"]
assert [m["Body"] for m in got] == ["1", "2"], got

# Pages.
for i in range(25):
    sqs.create_queue(QueueName="page-%02d" % i)
pages = [len(p["QueueUrls"]) for p in sqs.get_paginator("list_queues").paginate(QueueNamePrefix="page-", PaginationConfig={"PageSize": 10})]
assert pages == [10, 10, 5], pages

# A dead-letter queue, and its messages moved back.
dlq = sqs.create_queue(QueueName="orders-dlq")["QueueUrl"]
sqs.set_queue_attributes(
    QueueUrl=url, Attributes={"RedrivePolicy": json.dumps({"deadLetterTargetArn": arn(dlq), "maxReceiveCount": "1"})}
)
assert sqs.list_dead_letter_source_queues(QueueUrl=dlq)["queueUrls"] == [url]
sqs.send_message(QueueUrl=url, MessageBody="poison")
sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)
assert "Messages" not in sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)
dead = sqs.receive_message(QueueUrl=dlq, AttributeNames=["All"], VisibilityTimeout=0)["Messages"][0]
assert dead["Attributes"]["DeadLetterQueueSourceArn"] == arn(url), dead
task = sqs.start_message_move_task(SourceArn=arn(dlq))["TaskHandle"]
back = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"][0]
assert back["Body"] == "poison" and back["MessageId"] != dead["MessageId"], back
tasks = sqs.list_message_move_tasks(SourceArn=arn(dlq), MaxResults=10)["Results"]
assert [t["ApproximateNumberOfMessagesToMove"] for t in tasks] == [1], tasks
assert tasks[0]["SourceArn"] == arn(dlq) and tasks[0]["Status"] in ("RUNNING", "COMPLETED"), tasks

# Errors by code, status and exception.
e = fails("AWS.SimpleQueueService.NonExistentQueue", sqs.get_queue_url, QueueName="nope")
assert isinstance(e, sqs.exceptions.QueueDoesNotExist), type(e)
assert e.response["ResponseMetadata"]["HTTPStatusCode"] == 400, e.response
e = fails("ReceiptHandleIsInvalid", sqs.delete_message, QueueUrl=url, ReceiptHandle="nonsense")
assert e.response["ResponseMetadata"]["HTTPStatusCode"] == 404, e.response
fails("InvalidAttributeName", sqs.get_queue_attributes, QueueUrl=url, AttributeNames=["Foobar"])
fails("QueueAlreadyExists", sqs.create_queue, QueueName="orders", Attributes={"VisibilityTimeout": "61"})
fails("InvalidMessageContents", sqs.send_message, QueueUrl=url, MessageBody="\x07")
fails("AWS.SimpleQueueService.EmptyBatchRequest", sqs.send_message_batch, QueueUrl=url, Entries=[])
sqs.purge_queue(QueueUrl=url)
e = fails("AWS.SimpleQueueService.PurgeQueueInProgress", sqs.purge_queue, QueueUrl=url)
assert e.response["ResponseMetadata"]["HTTPStatusCode"] == 403, e.response
sqs.delete_queue(QueueUrl=url)
fails("AWS.SimpleQueueService.QueueDeletedRecently", sqs.create_queue, QueueName="orders")

print("done", boto3.__version__)

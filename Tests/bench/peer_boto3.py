"""The peer: standard input to CloudWatch Logs by boto3, in full batches, as a careful script would do it."""

import sys
import time

import boto3

client = boto3.client("logs")
client.create_log_group(logGroupName="g")
client.create_log_stream(logGroupName="g", logStreamName="boto3")
events, size = [], 0


def put():
    if events:
        client.put_log_events(logGroupName="g", logStreamName="boto3", logEvents=events)


for line in sys.stdin:
    message = line.rstrip("\n")
    weight = len(message.encode()) + 26
    if len(events) == 10_000 or size + weight > 1_048_576:
        put()
        events, size = [], 0
    events.append({"timestamp": int(time.time() * 1000), "message": message})
    size += weight
put()

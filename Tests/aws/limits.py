"""What CloudWatch and CloudWatch Logs refuse, and in which words.

The stand-ins accept nearly everything; these functions are the service's documented limits, so that a test fails where the
service would. Pure: time comes in as a number.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
"""

import math
import re

MAX_EVENTS = 10_000
MAX_BATCH_BYTES = 1_048_576
EVENT_OVERHEAD_BYTES = 26
MAX_SPAN_MS = 24 * 3600 * 1000
MAX_AGE_MS = 14 * 24 * 3600 * 1000
MAX_FUTURE_MS = 2 * 3600 * 1000
GROUP_NAME = re.compile(r"(?!aws/)[.\-_/#A-Za-z0-9]{1,512}")
STREAM_NAME = re.compile(r"[^:*]{1,512}")
GROUP_PARAMETERS = {"logGroupName", "logGroupClass", "kmsKeyId", "tags"}
GROUP_CLASSES = {"STANDARD", "INFREQUENT_ACCESS", "DELIVERY"}
MAX_KMS_KEY_ID = 256
MAX_TAGS = 50
MAX_TAG_VALUE = 256
# Python's re has no classes for letters, separators and digits of all scripts.
TAG_TEXT = re.compile(r"[\w\s.:/=+\-@]*")
RETENTION_DAYS = {1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

MAX_DATUMS = 1_000
MAX_METRIC_BODY_BYTES = 1_048_576
MAX_DIMENSIONS = 30
MAX_VALUES = 150
MAX_MAGNITUDE = 2.0**360
MAX_METRIC_AGE_S = 14 * 24 * 3600
MAX_METRIC_FUTURE_S = 2 * 3600
NAMESPACE = re.compile(r"(?!AWS/)[^:\x00-\x1f\x7f-\U0010ffff][\x20-\x7e]{0,254}")
PRINTABLE = re.compile(r"[\x20-\x7e]+")
SIZES = [size + unit for size in ("", "Kilo", "Mega", "Giga", "Tera") for unit in ("bytes", "bits")]
UNITS = {"Seconds", "Microseconds", "Milliseconds", "Percent", "Count", "Count/Second", "None"} | {
    unit.capitalize() + per for unit in SIZES for per in ("", "/Second")
}


class Refused(Exception):
    """An answer of the service other than success: HTTP status, error code, message."""

    def __init__(self, code, message, status=400):
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


def invalid(message):
    return Refused("InvalidParameterException", message)


def check_log_group(request):
    """Raises what the service would answer to CreateLogGroup."""
    if not isinstance(request.get("logGroupName"), str) or not GROUP_NAME.fullmatch(request["logGroupName"]):
        raise failed("logGroupName")
    if unknown := request.keys() - GROUP_PARAMETERS:
        raise Refused("SerializationException", f"not a parameter of CreateLogGroup: {', '.join(sorted(unknown))}")
    if request.get("logGroupClass", "STANDARD") not in GROUP_CLASSES:
        raise failed("logGroupClass")
    key = request.get("kmsKeyId", "arn:aws:kms::")
    if not isinstance(key, str) or not 1 <= len(key) <= MAX_KMS_KEY_ID or not re.match(r"arn:[a-z-]+:kms:", key):
        raise failed("kmsKeyId")
    tags = request.get("tags", {"a": "b"})
    if not isinstance(tags, dict) or not 1 <= len(tags) <= MAX_TAGS:
        raise failed("tags")
    for name, value in tags.items():
        if not 1 <= len(name) <= 128 or name.lower().startswith("aws:") or not TAG_TEXT.fullmatch(name):
            raise failed("tags")
        if not isinstance(value, str) or len(value) > MAX_TAG_VALUE or not TAG_TEXT.fullmatch(value):
            raise failed("tags")


def failed(parameter):
    return invalid(f"1 validation error detected: Value at '{parameter}' failed to satisfy constraint")


def check_log_events(request, now_ms, retention_days=None):
    """Raises what the service would answer; else returns (accepted events, rejectedLogEventsInfo or None)."""
    if not isinstance(request.get("logGroupName"), str) or not GROUP_NAME.fullmatch(request["logGroupName"]):
        raise failed("logGroupName")
    if not isinstance(request.get("logStreamName"), str) or not STREAM_NAME.fullmatch(request["logStreamName"]):
        raise failed("logStreamName")
    events = request.get("logEvents")
    if not isinstance(events, list) or not 1 <= len(events) <= MAX_EVENTS:
        count = len(events) if isinstance(events, list) else "no"
        raise invalid(
            f"1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length "
            f"between 1 and {MAX_EVENTS} ({count} events)"
        )

    total, previous = 0, 0
    for n, event in enumerate(events, 1):
        timestamp, message = event.get("timestamp"), event.get("message")
        if type(timestamp) is not int or timestamp < 0:
            raise invalid(f"1 validation error detected: Value at 'logEvents.{n}.member.timestamp' failed to satisfy constraint")
        if not isinstance(message, str) or not message:
            raise invalid(
                f"1 validation error detected: Value at 'logEvents.{n}.member.message' failed to satisfy constraint: "
                "Member must have length greater than or equal to 1"
            )
        try:
            size = len(message.encode()) + EVENT_OVERHEAD_BYTES
        except UnicodeEncodeError:
            raise Refused("SerializationException", f"logEvents.{n}: half of a surrogate pair") from None
        if size > MAX_BATCH_BYTES:
            raise invalid(f"Log event too large: {size} bytes exceeds limit of {MAX_BATCH_BYTES}")
        if timestamp < previous:
            raise invalid("Log events in a single PutLogEvents request must be in chronological order.")
        total, previous = total + size, timestamp
    if total > MAX_BATCH_BYTES:
        raise invalid(f"Upload too large: {total} bytes exceeds limit of {MAX_BATCH_BYTES}")

    # The events are sorted: the refused ones are a part at the start and a part at the end.
    too_old = sum(event["timestamp"] < now_ms - MAX_AGE_MS for event in events)
    expired = 0
    if retention_days:
        expired = sum(event["timestamp"] < now_ms - retention_days * 24 * 3600 * 1000 for event in events)
    too_new = sum(event["timestamp"] > now_ms + MAX_FUTURE_MS for event in events)
    rejected = {}
    if too_old:
        rejected["tooOldLogEventEndIndex"] = too_old
    if expired > too_old:
        rejected["expiredLogEventEndIndex"] = expired
    if too_new:
        rejected["tooNewLogEventStartIndex"] = len(events) - too_new
    accepted = events[max(too_old, expired) : len(events) - too_new]
    if accepted and accepted[-1]["timestamp"] - accepted[0]["timestamp"] > MAX_SPAN_MS:
        raise invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
    return accepted, rejected or None


def check_metric_data(request, body_bytes, now_s):
    """Raises what the service would answer; else returns the data points."""
    if body_bytes > MAX_METRIC_BODY_BYTES:
        raise Refused("RequestEntityTooLarge", f"{body_bytes} bytes exceed {MAX_METRIC_BODY_BYTES}", 413)
    namespace, data = request.get("Namespace"), request.get("MetricData")
    if not isinstance(namespace, str) or not NAMESPACE.fullmatch(namespace):
        raise wrong_value("Namespace", "must be 1 to 255 printable characters that do not start with : or AWS/")
    if not isinstance(data, list) or not data:
        raise Refused("MissingRequiredParameterException", "The parameter MetricData is required.")
    if len(data) > MAX_DATUMS:
        raise wrong_value("MetricData", f"must not have more than {MAX_DATUMS} members ({len(data)})")
    for n, datum in enumerate(data, 1):
        check_datum(f"MetricData.member.{n}", datum, now_s)
    return data


def check_datum(place, datum, now_s):
    name = datum.get("MetricName")
    if not isinstance(name, str) or not 1 <= len(name) <= 255 or not PRINTABLE.fullmatch(name):
        raise wrong_value(f"{place}.MetricName", "must be 1 to 255 printable ASCII characters")

    dimensions = datum.get("Dimensions", [])
    if len(dimensions) > MAX_DIMENSIONS:
        raise wrong_value(f"{place}.Dimensions", f"must not have more than {MAX_DIMENSIONS} members")
    for n, dimension in enumerate(dimensions, 1):
        for key, limit in (("Name", 255), ("Value", 1024)):
            text = dimension.get(key)
            if not isinstance(text, str) or not PRINTABLE.fullmatch(text) or not text.strip() or len(text) > limit:
                raise wrong_value(f"{place}.Dimensions.member.{n}.{key}", "must be printable ASCII and not blank")
        if dimension["Name"].startswith(":"):
            raise wrong_value(f"{place}.Dimensions.member.{n}.Name", "must not start with :")
    if len({dimension["Name"] for dimension in dimensions}) < len(dimensions):
        raise wrong_value(f"{place}.Dimensions", "must not name a dimension twice")

    numbers = check_values(place, datum)
    if any(type(number) not in (int, float) or not math.isfinite(number) or abs(number) > MAX_MAGNITUDE for number in numbers):
        raise wrong_value(place, "must have numbers between -2^360 and 2^360")
    if datum.get("Unit", "None") not in UNITS:
        raise wrong_value(f"{place}.Unit", f"must be a unit of CloudWatch, not {datum['Unit']}")
    if datum.get("StorageResolution", 60) not in (1, 60):
        raise wrong_value(f"{place}.StorageResolution", "must be 1 or 60")
    timestamp = datum.get("Timestamp", now_s)
    if type(timestamp) not in (int, float) or not now_s - MAX_METRIC_AGE_S <= timestamp <= now_s + MAX_METRIC_FUTURE_S:
        raise wrong_value(f"{place}.Timestamp", "must be within the last two weeks and two hours ahead")


def check_values(place, datum):
    if ("Value" in datum) + ("Values" in datum) != 1 and "StatisticValues" not in datum or {"Value", "StatisticValues"} <= datum.keys():
        raise Refused("InvalidParameterCombinationException", f"{place} must have one of Value, Values and StatisticValues")
    numbers = [datum["Value"]] if "Value" in datum else list(datum.get("Values", []))
    counts = datum.get("Counts", [1] * len(numbers))
    if len(numbers) > MAX_VALUES or len(counts) != len(numbers):
        raise wrong_value(f"{place}.Values", f"must have at most {MAX_VALUES} members and as many Counts")
    statistics = datum.get("StatisticValues")
    if statistics is not None:
        if statistics.keys() != {"SampleCount", "Sum", "Minimum", "Maximum"}:
            raise Refused("MissingRequiredParameterException", f"{place}.StatisticValues must have its four members")
        numbers += statistics.values()
    return numbers + counts


def wrong_value(parameter, rule):
    return Refused("InvalidParameterValueException", f"The parameter {parameter} {rule}.")

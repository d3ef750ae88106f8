"""Amazon's own client against the S3 server of the tests: objects, ranges, lists, parts, signed
addresses, and what has to be refused."""

import os
import sys
import urllib.error
import urllib.request

import boto3
from botocore.client import Config
from botocore.exceptions import ClientError

BUCKET = os.environ["BUCKET"]
ENDPOINT = os.environ["AWS_ENDPOINT_URL_S3"]
CONFIG = Config(s3={"addressing_style": "path"}, signature_version="s3v4", retries={"max_attempts": 1})
s3 = boto3.client("s3", config=CONFIG)


def expect(what, got, wanted):
    if got != wanted:
        sys.exit(f"s3_boto3: {what}: {got!r} in place of {wanted!r}")


def refused(what, code, call):
    try:
        call()
    except ClientError as error:
        expect(what, error.response["Error"]["Code"], code)
        return
    sys.exit(f"s3_boto3: {what} is not refused")


def put_to(url, body, headers=None):
    request = urllib.request.Request(url, data=body, method="PUT", headers=headers or {})
    try:
        return urllib.request.urlopen(request).status
    except urllib.error.HTTPError as error:
        return error.code


# Objects, also with names that have to be escaped.
NAMES = ["a.txt", "folder/b c.txt", "folder/ż+ó=&?.bin", "folder/deep/d.txt", "z.txt"]
for name in NAMES:
    s3.put_object(Bucket=BUCKET, Key=name, Body=name.encode(), ContentType="text/plain")
    answer = s3.get_object(Bucket=BUCKET, Key=name)
    expect(name, answer["Body"].read(), name.encode())
    expect("content type", answer["ContentType"], "text/plain")
head = s3.head_object(Bucket=BUCKET, Key="a.txt")
expect("size", head["ContentLength"], 5)

# Ranges.
for text, wanted in [("bytes=1-3", b".tx"), ("bytes=2-", b"txt"), ("bytes=-2", b"xt"), ("bytes=3-99", b"xt")]:
    answer = s3.get_object(Bucket=BUCKET, Key="a.txt", Range=text)
    expect(text, answer["Body"].read(), wanted)
    expect(text, answer["ResponseMetadata"]["HTTPStatusCode"], 206)
refused("a range behind the end", "InvalidRange", lambda: s3.get_object(Bucket=BUCKET, Key="a.txt", Range="bytes=5-9"))

# Lists, in pages.
pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, PaginationConfig={"PageSize": 2})
listed = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
expect("the list", listed, sorted(NAMES, key=lambda name: name.encode()))
top = s3.list_objects_v2(Bucket=BUCKET, Delimiter="/")
expect("files at the top", [entry["Key"] for entry in top["Contents"]], ["a.txt", "z.txt"])
expect("folders at the top", [entry["Prefix"] for entry in top["CommonPrefixes"]], ["folder/"])
inner = s3.list_objects_v2(Bucket=BUCKET, Prefix="folder/deep")
expect("files below a prefix", [entry["Key"] for entry in inner["Contents"]], ["folder/deep/d.txt"])

# Parts.
MIB = 1024 * 1024
first, second = os.urandom(5 * MIB), b"the end"
upload = s3.create_multipart_upload(Bucket=BUCKET, Key="large", ContentType="video/mp4")["UploadId"]
where = {"Bucket": BUCKET, "Key": "large", "UploadId": upload}
tags = [s3.upload_part(**where, PartNumber=at, Body=body)["ETag"] for at, body in [(1, first), (2, second)]]
parts = [{"PartNumber": at + 1, "ETag": tag} for at, tag in enumerate(tags)]
refused("parts in a wrong order", "InvalidPartOrder", lambda: s3.complete_multipart_upload(**where, MultipartUpload={"Parts": parts[::-1]}))
wrong = [parts[0], {"PartNumber": 2, "ETag": '"0"'}]
refused("a part of another tag", "InvalidPart", lambda: s3.complete_multipart_upload(**where, MultipartUpload={"Parts": wrong}))
s3.complete_multipart_upload(**where, MultipartUpload={"Parts": parts})
answer = s3.get_object(Bucket=BUCKET, Key="large")
expect("the parts together", answer["Body"].read(), first + second)
expect("their type", answer["ContentType"], "video/mp4")
upload = s3.create_multipart_upload(Bucket=BUCKET, Key="small")["UploadId"]
where = {"Bucket": BUCKET, "Key": "small", "UploadId": upload}
tags = [s3.upload_part(**where, PartNumber=at, Body=b"x")["ETag"] for at in (1, 2)]
parts = [{"PartNumber": at + 1, "ETag": tag} for at, tag in enumerate(tags)]
refused("a part that is too small", "EntityTooSmall", lambda: s3.complete_multipart_upload(**where, MultipartUpload={"Parts": parts}))
s3.abort_multipart_upload(**where)
refused("an upload that was given up", "NoSuchUpload", lambda: s3.abort_multipart_upload(**where))

# Signed addresses.
url = s3.generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": "signed", "ContentLength": 5}, ExpiresIn=60)
expect("a signed PUT", put_to(url, b"hello"), 200)
expect("more than was signed", put_to(url, b"hello!"), 403)
expect("another key", put_to(url.replace("/signed", "/other"), b"hello"), 403)
expect("a longer life", put_to(url.replace("X-Amz-Expires=60", "X-Amz-Expires=61"), b"hello"), 403)
url = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "signed"}, ExpiresIn=60)
expect("a signed GET", urllib.request.urlopen(url).read(), b"hello")
expect("a signed GET that is a PUT", put_to(url, b"hello"), 403)
expect("no signature", put_to(f"{ENDPOINT}/{BUCKET}/signed", b"hello"), 403)

# What is not there, and who may not.
s3.delete_object(Bucket=BUCKET, Key="a.txt")
s3.delete_object(Bucket=BUCKET, Key="a.txt")
refused("what was deleted", "NoSuchKey", lambda: s3.get_object(Bucket=BUCKET, Key="a.txt"))
refused("another bucket", "NoSuchBucket", lambda: s3.put_object(Bucket="other", Key="a", Body=b""))
KEY_ID, SECRET = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
unknown = boto3.client("s3", config=CONFIG, aws_access_key_id="AKOTHER", aws_secret_access_key=SECRET)
refused("an unknown key", "InvalidAccessKeyId", lambda: unknown.list_objects_v2(Bucket=BUCKET))
wrong = boto3.client("s3", config=CONFIG, aws_access_key_id=KEY_ID, aws_secret_access_key="wrong")
refused("a wrong secret", "SignatureDoesNotMatch", lambda: wrong.list_objects_v2(Bucket=BUCKET))
elsewhere = boto3.client("s3", config=CONFIG, region_name="us-west-2")
refused("another region", "AuthorizationHeaderMalformed", lambda: elsewhere.list_objects_v2(Bucket=BUCKET))
print("s3_boto3: passed")

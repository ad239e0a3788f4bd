#!/usr/bin/env python3
"""Logs each line of standard input through a handler as applications have it: handlers.py KIND PATH SIZE"""

import gzip
import logging
import logging.handlers
import os
import shutil
import sys


def packed(source, target):
    with open(source, "rb") as plain, gzip.open(target, "wb", compresslevel=1) as file:
        shutil.copyfileobj(plain, file)
    os.remove(source)


def main():
    kind, path, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if kind.startswith("loguru"):
        from loguru import logger

        logger.remove()
        logger.add(path, rotation=size, compression="gz" if kind.endswith("gz") else None, format="{message}", encoding="utf-8")
        log = logger.opt(raw=True).info
        for line in sys.stdin.buffer:
            log(line.decode())
        return
    if kind.startswith("concurrent"):
        from concurrent_log_handler import ConcurrentRotatingFileHandler

        handler = ConcurrentRotatingFileHandler(path, maxBytes=size, backupCount=1000, use_gzip=kind.endswith("gz"), encoding="utf-8")
    elif kind.startswith("timed"):
        handler = logging.handlers.TimedRotatingFileHandler(path, when="S", backupCount=0, encoding="utf-8")
    else:
        handler = logging.handlers.RotatingFileHandler(path, maxBytes=size, backupCount=1000, encoding="utf-8")
    if kind in ("rotating-gz", "timed-gz"):
        handler.namer, handler.rotator = (lambda name: name + ".gz"), packed
    logger = logging.getLogger("zoo")
    logger.propagate = False
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    for line in sys.stdin.buffer:
        logger.info("%s", line.decode().rstrip("\n"))


if __name__ == "__main__":
    main()

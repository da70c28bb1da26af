"""What every generated client shares: nothing in this folder depends on the vendor.

The core does no I/O: `request` builds what is sent, `response` interprets what came back,
`events` decodes streams, `retry` decides on another attempt. `sync_*` and `async_*` are thin
shells around it, over urllib3 and aiohttp.
"""

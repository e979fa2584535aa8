"""Read captures: frames into conversations, and what devices say of themselves into observations.

1. Payload is looked at where a codec of ours can read it, and is never kept: no picture, no sound,
   no credential, no reassembled stream leaves this folder.
2. Everything is bounded: what is damaged is counted and told, never raised.
"""

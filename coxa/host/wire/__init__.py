"""Coxa's own sensor protocol, version 1, as docs/protocol.md lays it out byte by byte."""

from coxa.host.wire.decoder import Decoder, DecoderStats
from coxa.host.wire.frames import Description, encode_description, encode_end, encode_samples

__all__ = ["Decoder", "DecoderStats", "Description", "encode_description", "encode_end", "encode_samples"]

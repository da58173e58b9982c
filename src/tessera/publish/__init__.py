"""Publication: the marts as a read-only file and Parquet, switched atomically."""

from tessera.publish.gates import Gate, PublicationRefusedError
from tessera.publish.publication import Publication, publish

__all__ = ["Gate", "Publication", "PublicationRefusedError", "publish"]

"""Where the two ranking legs of a snapshot are searched: in this process, or in Milvus."""

from index.stores.protocol import DenseLeg, LexicalLeg, Store
from index.stores.settings import StoreSettings, from_environment

__all__ = ["DenseLeg", "LexicalLeg", "Store", "StoreSettings", "from_environment"]

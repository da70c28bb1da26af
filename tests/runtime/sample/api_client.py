"""The sample's synchronous client."""

from ._runtime.sync_client import SyncApiClient
from ._types import TYPES
from .configuration import Configuration


class ApiClient(SyncApiClient):
    """Calls the sample's API."""

    _types = TYPES
    _configuration_type = Configuration
    _user_agent = "sample/1.0.0/python"

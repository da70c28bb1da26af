"""The sample's asynchronous client."""

from .._runtime.async_client import AsyncApiClient
from .._types import TYPES
from ..configuration import Configuration


class ApiClient(AsyncApiClient):
    """Calls the sample's API."""

    _types = TYPES
    _configuration_type = Configuration
    _user_agent = "sample/1.0.0/python"

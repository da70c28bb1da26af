"""The names of a package are read from its source, in either generator's style."""

from __future__ import annotations

import pytest

from tests.corpus.surface import Surface, surface

PEER = {
    "p/__init__.py": '__all__ = ["PetsApi", "Pet"]\n',
    "p/api/__init__.py": "from p.api.pets_api import PetsApi\n",
    "p/api/pets_api.py": """
from p.models.pet import Pet
class PetsApi:
    def __init__(self, api_client=None) -> None: ...
    @validate_call
    def add_pet(self, pet: Pet, limit: Optional[int] = None) -> Pet: ...
    @validate_call
    def add_pet_with_http_info(self, pet: Pet, limit: Optional[int] = None) -> R: ...
    def _add_pet_serialize(self, pet): ...
""",
    "p/models/__init__.py": "from p.models.pet import Pet\n",
    "p/models/animal.py": """
class Animal(BaseModel):
    kind: StrictStr
    __properties: ClassVar[List[str]] = ["kind"]
""",
    "p/models/pet.py": """
from p.models.animal import Animal
class Pet(Animal):
    pet_name: StrictStr = Field(description="Its name.", alias="petName")
    size: Optional[Size] = Field(default=None)
    model_config = ConfigDict()
""",
    "p/models/size.py": "class Size(str, Enum):\n    BIG = 'big'\n",
    "p/models/some.py": """
class Some(BaseModel):
    actual_instance: Optional[Union[Pet, Size]] = None
    one_of_schemas: Set[str] = {"Pet", "Size"}
""",
}
OURS = {
    "p/__init__.py": """
from ._runtime.lazy import exports
if TYPE_CHECKING:
    from . import api as api
    from .api.pets_api import PetsApi as PetsApi
    from .models import *
""",
    "p/api/__init__.py": "if TYPE_CHECKING:\n    from .pets_api import PetsApi\n",
    "p/api/pets_api.py": """
if TYPE_CHECKING:
    from ..models.pet import Pet
class PetsApi(SyncApi):
    @overload
    def add_pet(self, pet: Pet, limit: int | None = None) -> Pet: ...
    @overload
    def add_pet(self, *, limit: int | None = None, **body: Unpack[P]) -> Pet: ...
    def add_pet(self, pet: Pet | None = None, limit: int | None = None) -> Pet: ...
    add_pet_with_http_info: Final = with_http_info(add_pet)
""",
    "p/_runtime/model.py": "class Model: ...\n",
    "p/models/__init__.py": "if TYPE_CHECKING:\n    from .pet import Pet as Pet\n",
    "p/models/animal.py": 'class Animal(Model):\n    kind: Literal["a"] = "a"\n',
    "p/models/pet.py": """
from .animal import Animal
class Pet(Animal):
    pet_name: Annotated[str, Field(alias="petName")]
    size: Size | None = None
""",
    "p/models/size.py": 'class Size(str, OpenEnum):\n    BIG = "big"\n',
    "p/models/some.py": 'Some: TypeAlias = Union["Pet", "Size"]\n',
}
NAMES = {
    "export PetsApi": "",
    "export Pet": "",
    "export api.PetsApi": "",
    "export models.Pet": "",
    "module api.pets_api": "",
    "class api.pets_api.PetsApi": "",
    "method PetsApi.add_pet": "",
    "argument PetsApi.add_pet 0": "pet required",
    "argument PetsApi.add_pet 1": "limit optional",
    "method PetsApi.add_pet_with_http_info": "",
    "argument PetsApi.add_pet_with_http_info 0": "pet required",
    "argument PetsApi.add_pet_with_http_info 1": "limit optional",
    "module models.animal": "",
    "class models.animal.Animal": "",
    "field Animal.kind": "kind required",
    "module models.pet": "",
    "class models.pet.Pet": "",
    "field Pet.kind": "kind required",
    "field Pet.pet_name": "petName required",
    "field Pet.size": "size optional",
    "module models.size": "",
    "class models.size.Size": "",
    "member Size.BIG": "'big'",
    "module models.some": "",
    "class models.some.Some": "",
}


@pytest.mark.parametrize("files", [PEER, OURS], ids=["peer", "ours"])
def test_names(files: dict[str, str]) -> None:
    found: Surface = surface(files, "p")
    assert dict(found) == NAMES


def test_a_base_of_another_origin_is_no_model() -> None:
    files = {
        "p/models/base_model.py": "class BaseModel(BaseModel):\n    name: str\n",
        "p/models/pet.py": "class Pet(BaseModel):\n    size: int\n",
    }
    assert "field Pet.name" not in surface(files, "p")

"""The clinic's picture library. Only re-encoded versions of an upload are stored, never the upload itself."""

from django.core.validators import MaxValueValidator
from django.db import models

from education.core.text import one_line
from education.images.versions import FORMATS, new_name, path_of, url_of, widths_of

MAY_SEE_PICTURES = "education.view_picture"
MAY_ADD_PICTURES = "education.add_picture"


class Picture(models.Model):
    """`width` and `height` are those of its largest version. Its files never change: a new picture is a new row."""

    name = models.CharField(max_length=16, unique=True, default=new_name, editable=False)
    alt = models.CharField(
        "text alternative",
        max_length=500,
        help_text="What the picture shows, for people who can’t see it. Don’t begin with “picture of”.",
    )
    caption = models.CharField(max_length=300, blank=True, help_text="Shown below it, unless a page has its own.")
    credit = models.CharField(max_length=120, blank=True, help_text="Who made it, and on what terms you may show it.")
    focal_x = models.PositiveSmallIntegerField(
        "focus from the left (%)",
        default=50,
        validators=[MaxValueValidator(100)],
        help_text="What matters most in the picture: it stays in view where the picture is cropped to a square.",
    )
    focal_y = models.PositiveSmallIntegerField(
        "focus from the top (%)", default=50, validators=[MaxValueValidator(100)]
    )
    width = models.PositiveSmallIntegerField(editable=False)
    height = models.PositiveSmallIntegerField(editable=False)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return self.alt

    def clean(self) -> None:
        self.alt, self.caption, self.credit = one_line(self.alt), one_line(self.caption), one_line(self.credit)

    @property
    def widths(self) -> list[int]:
        return widths_of(self.width)

    @property
    def square_url(self) -> str:
        """A small square around the focus, as a JPEG. The address contains the focus: files are cached for ever."""
        return self.square_of(self.name, f"{self.focal_x}-{self.focal_y}")

    @staticmethod
    def square_of(name: str, focus: str) -> str:
        return url_of(name, f"square-{focus}", "jpg")

    @property
    def url(self) -> str:
        return url_of(self.name, self.width, "jpg")

    def srcset(self, extension: str) -> str:
        return ", ".join(f"{url_of(self.name, width, extension)} {width}w" for width in self.widths)

    def files(self) -> list[str]:
        """The paths of its files in the media folder."""
        return [path_of(self.name, width, extension) for width in self.widths for extension in FORMATS]


class PictureUse(models.Model):
    """An edition shows a picture. Path and title are text: this package does not know about articles."""

    picture = models.ForeignKey(Picture, to_field="name", on_delete=models.PROTECT, related_name="uses")
    path = models.CharField(max_length=300)
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ["title"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["picture", "path"], name="picture_use_once_a_page")]

    def __str__(self) -> str:
        return self.title

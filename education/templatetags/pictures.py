"""`{{ picture|srcset:"webp" }}`: a picture of the library in every width of one format."""

from django import template

from education.images.models import Picture

register = template.Library()


@register.filter
def srcset(picture: Picture, extension: str) -> str:
    return picture.srcset(extension)

"""What the desk shows, for the template of the admin's home page."""

from django import template

from education.accounts.models import User
from education.desk.queries import Desk, desk_for

register = template.Library()


@register.simple_tag
def desk(user: User) -> Desk:
    return desk_for(user)

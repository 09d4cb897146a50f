"""`{% desk user as desk %}`: what the desk shows this user, for the admin's home template."""

from django import template

from education.accounts.models import User
from education.desk.queries import Desk, desk_for

register = template.Library()


@register.simple_tag
def desk(user: User) -> Desk:
    return desk_for(user)

"""`{% desk user as desk %}`: what the desk shows this user. `{% rail user request.path as items %}`: the way around.
`{{ opts|name_of_list }}`: what a list is called.
"""

from typing import Any

from django import template

from education.accounts.models import User
from education.articles.models import Topic
from education.clinic.hours import open_now
from education.consultations.triage.queue import ways_left
from education.desk.queries import Desk, desk_for
from education.desk.rail import Item, items_for, name_of_list
from education.desk.words import count_waiting

register = template.Library()
register.filter(open_now)
register.filter(ways_left)
register.filter(name_of_list)


@register.simple_tag
def desk(user: User) -> Desk:
    return desk_for(user)


@register.simple_tag
def rail(user: User, here: str) -> list[Item]:
    """The way around for this user, on the page at this address."""
    return items_for(user, here)


@register.simple_tag
def everything(app_list: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lists that this user may open, by name."""
    listed = [model for app in app_list for model in app["models"] if model["admin_url"]]
    named = [{**model, "name": name_of_list(model["model"]._meta)} for model in listed]
    return sorted(named, key=lambda model: str(model["name"]).casefold())


@register.simple_tag
def topics() -> list[Topic]:
    return list(Topic.objects.only("title"))


@register.simple_tag
def words_waiting() -> int:
    """How many words beside the articles wait for a signature."""
    return count_waiting()

from django.db import models
from wagtail.fields import RichTextField
from wagtail.models import Page


class ArticlePage(Page):
    summary = models.TextField(blank=True)
    body = RichTextField(blank=True)
    template = "article.html"

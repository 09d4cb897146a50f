"""Must come last in the app's URLs: these patterns match every path of one or two parts."""

from django.conf import settings
from django.urls import path

from education.articles.public import a_to_z, history, preview, qr, views

DRAFTS = [path("preview/<str:token>/", preview.preview, name="preview")]  # which a public host may not read
urlpatterns = [
    *(DRAFTS if settings.ROLE != "public" else []),
    path("", views.home, name="home"),
    path("a-z/", a_to_z.a_to_z, name="a_to_z"),
    path("a-z/<str:letter>/", a_to_z.of_letter, name="letter"),
    path("a-z/<str:letter>/<str:begins>/", a_to_z.of_letter, name="beginning"),
    path("<slug:slug>/", views.topic_or_policy, name="topic"),
    path("<slug:slug>/history/", history.policy, name="policy_history"),
    path("<slug:topic>/<slug:slug>/history/", history.article, name="article_history"),
    path("<slug:slug>/qr.svg", qr.of_page, name="policy_qr"),
    path("<slug:topic>/<slug:slug>/qr.svg", qr.of_page, name="article_qr"),
    path("<slug:topic>/<slug:slug>/", views.article, name="article"),
]

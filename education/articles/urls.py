"""Last in the app's list: the patterns below would catch every other address of one or two parts."""

from django.urls import path

from education.articles import views

urlpatterns = [
    path("", views.home, name="home"),
    path("a-z/", views.a_to_z, name="a_to_z"),
    path("<slug:slug>/", views.topic_or_policy, name="topic"),
    path("<slug:topic>/<slug:slug>/", views.article, name="article"),
]

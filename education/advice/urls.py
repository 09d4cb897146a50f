"""Screens below an article in the admin. They must come before the admin's own URLs."""

from django.contrib import admin
from django.urls import path

from education.advice import views

urlpatterns = [
    path("education/article/<int:pk>/advice/", admin.site.admin_view(views.advice), name="article_advice"),
    path("education/article/<int:pk>/judge/", admin.site.admin_view(views.judge), name="article_judge"),
]

from django.urls import path

from education.search import views

urlpatterns = [path("search/", views.search, name="search")]
